"""The limits of a reading: what a child may use, and what its answer may hold. Enforces none itself."""

from __future__ import annotations

from geo_review.boundary.normalise import MOST_VERTICES
from geo_review.boundary.understood import MOST_BYTES

# Of a child. The wall counts from the start of the reading; a child that computes is ended by its CPU limit before.
MOST_CPU_S = 60
MOST_WALL_S = 90.0
MOST_MEMORY_BYTES = 1536 * 2**20  # address space above what the process had mapped before the file
MOST_OPEN_FILES = 64
ENOUGH_CPU_S = 5.0  # a child that has used as much reads no further file
MOST_FILES_A_CHILD = 50  # survey texts of one bulk reading; anything else has a child of its own

# Of a request and an answer.
MOST_REQUEST_BYTES = 2 * MOST_BYTES  # a .shp of the full size, its companions counted, and the words around them
MOST_ANSWER_BYTES = 384 * 2**20
MOST_HEADER_BYTES = 128 * 2**20  # the point names of the largest red line take 40
MOST_BLOCKS = 1_000_000
MOST_PARCELS = 100_000
MOST_POINTS = MOST_VERTICES  # of one geometry, or of all rings as written
MOST_ITEMS = 2_500_000  # of one list: the point names of one ring
MOST_TEXT_CHARACTERS = 2**20
MOST_FAULT_CHARACTERS = 20_000
