"""The judging: a boundary, the layers near it and a rulebook in; a report out. Pure: same values, same bytes."""
