"""Small red lines that are read once when a zygote starts: what a reading prepares (tables, transformers) is there
before the first file. Kept in memory; nothing is read from a disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understanding import understand
from geo_review.city import PUYANG

_SURVEY = """[属性描述]
带号=38
[地块坐标]
4,0.5000,样例,,面,,,,@
J1,1,3959622.396,38592967.566
J2,1,3959622.396,38593067.566
J3,1,3959522.396,38593067.566
J4,1,3959522.396,38592967.566
"""
_RING = [[115.05, 35.76], [115.06, 35.76], [115.06, 35.77], [115.05, 35.77], [115.05, 35.76]]
_DEGREES = {"type": "Polygon", "coordinates": [_RING]}


def _read(name: str, content: bytes) -> None:
    understand(ReceivedFile(name=name, content=content), city=PUYANG)


SAMPLES: tuple[Callable[[], None], ...] = (
    partial(_read, "样例.txt", _SURVEY.encode()),
    partial(_read, "样例.txt", _SURVEY.replace("=38", "=39").replace(",385929", ",394004").encode("gb18030")),
    partial(_read, "样例.txt", _SURVEY.replace("=38", "=").replace(",38", ",").encode()),  # refused: the other way out
    partial(_read, "样例.geojson", json.dumps(_DEGREES).encode()),
)
