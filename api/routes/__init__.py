"""The JSON API, one module a kind of thing. Every route opens its own session and commits before it answers."""
