"""Rulebooks: what each control line means for a review, as data. Editions are files and never edited after use."""
