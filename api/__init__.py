"""The HTTP door: JSON API, pages. Translates requests to use cases; judges and stores nothing itself."""
