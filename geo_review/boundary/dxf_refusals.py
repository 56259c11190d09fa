"""How a DXF drawing is refused: the sentence, what to do, and whatever the library may raise on a stranger's bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from geo_review.errors import GeoReviewError, UnreadableBoundary
from geo_review.wording import say


def refused(key: str, **values: object) -> UnreadableBoundary:
    """Return the refusal whose code is ``key``, its sentence and remedy ``dxf.<key>`` and ``dxf.<key>_remedy``."""
    return UnreadableBoundary(code=key, message=say(f"dxf.{key}", **values), remedy=say(f"dxf.{key}_remedy"))


@contextmanager
def library_refuses() -> Iterator[None]:
    """Turn what the library raises on damaged input (there is no list of it) into the refusal of a damaged drawing."""
    try:
        yield
    except GeoReviewError:
        raise
    except Exception as failure:
        raise refused("dxf_damaged") from failure
