"""The core's own commands; each module is one group of `geo-review`. Doors bring theirs by entry point."""
