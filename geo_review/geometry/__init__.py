"""Pure geometry: coordinate systems, validity, areas, overlaps, subdivision. Knows nothing of rules or files."""
