"""Files that were meant to do harm, and files that were torn: read, refused, and nothing else."""
