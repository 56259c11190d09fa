"""Control layers as values: reading any vector file, checking it, a folder of layers for one review."""
