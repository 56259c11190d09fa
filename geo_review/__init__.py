"""geo-review: judges a red line against the control lines of one city. Holds the version, imports nothing."""

__version__ = "0.1.0"
