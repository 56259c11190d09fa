"""The control-layer door: commands with which GIS staff check, load and publish layers."""
