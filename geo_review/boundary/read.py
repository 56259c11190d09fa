"""A surveyor's file in, a `Boundary` out, or the refusal. Where files are a stranger's, `sandbox` calls this."""

from __future__ import annotations

from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.boundary.model import Boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understanding import understand
from geo_review.city import City


def read_boundary(file: ReceivedFile, *, city: City, asked: Asked = NOTHING_ASKED) -> Boundary:
    """Read a red line of any supported format. Raises a `RefusedInput` that names the places, or `TooLarge`."""
    return understand(file, city=city, asked=asked).accepted()
