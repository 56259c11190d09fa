"""The promised ratios, each measured inside one run and printed by `make bench`."""
