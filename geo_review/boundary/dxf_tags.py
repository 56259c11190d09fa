"""Sees to it that no coordinate of a drawing goes astray: what readers pass over in silence is refused with its line.

A library reads a polyline whose bytes are spoilt at one group code as one with a corner less. Repairs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ezdxf.lldxf.types import DXFTag

from geo_review.boundary.dxf_refusals import refused

_GEOMETRY = ("ENTITIES", "BLOCKS")
_Y_CODES = frozenset((*range(20, 29), 220))  # each follows the x of its point, ten less
_X_CODES = frozenset(code - 10 for code in _Y_CODES)
_COMMENT = 999
_VERTEX, _COUNT = 10, 90  # of an LWPOLYLINE


def checked(tags: Iterable[DXFTag]) -> Iterator[DXFTag]:
    """Yield the tags of a file as they come, without its comments.

    Raises UnreadableBoundary where a y stands without its x, an x without its y, or a polyline has not as many corners
    as it says.
    """
    section, expects_section = "", False
    declared, corners = -1, 0
    before = 0
    for number, tag in enumerate(tags):
        code, value = tag
        if code == _COMMENT:
            continue
        if section in _GEOMETRY and (
            (code in _Y_CODES and before != code - 10) or (before in _X_CODES and code != before + 10)
        ):
            raise refused("dxf_tag", line=2 * number + 1)
        if code == 0:
            if declared >= 0 and declared != corners:
                raise refused("dxf_corners", line=2 * number + 1, declared=declared, found=corners)
            declared, corners = -1, -1 if value != "LWPOLYLINE" else 0
            section = "" if value == "ENDSEC" else section
        elif code == 2 and expects_section:
            section = str(value)
        elif corners >= 0 and code == _COUNT:
            declared = _whole(value)
        elif corners >= 0 and code == _VERTEX:
            corners += 1
        expects_section = code == 0 and value == "SECTION"
        before = code
        yield tag


def _whole(value: object) -> int:
    """The number, or -1 for what is none: that is told by the reader of values."""
    try:
        return int(str(value))
    except ValueError:
        return -1
