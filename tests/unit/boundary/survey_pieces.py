"""Pieces that survey texts are put together from, and what a row of the quirk tables says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HEAD = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=38
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
# A square of 100 m, clockwise from the north-west; its first line in a whole file is 11.
N, E = 3959600.0, 38592900.0
SQUARE = ((N + 100, E), (N + 100, E + 100), (N, E + 100), (N, E))


def points(
    corners: tuple[tuple[float, float], ...] = SQUARE, *, ring: object = 1, first: int = 1, closed: bool = True
) -> str:
    """Point lines; numbers run from ``first``, the closing one repeats it."""
    lines = [f"J{number},{ring},{x:.3f},{y:.3f}" for number, (x, y) in enumerate(corners, first)]
    return "\n".join([*lines, lines[0]] if closed else lines) + "\n"


def square(north_m: float, east_m: float, width_m: float) -> tuple[tuple[float, float], ...]:
    """A square by its north-west corner, metres from the one of ``SQUARE``."""
    x, y = N + 100 + north_m, E + east_m
    return ((x, y), (x, y + width_m), (x - width_m, y + width_m), (x - width_m, y))


HOLE = square(-20, 20, 10)
ELSEWHERE = square(0, 300, 50)
NOTCH = square(0, 40, 20)
NOTCHED = (SQUARE[0], NOTCH[0], NOTCH[3], NOTCH[2], NOTCH[1], *SQUARE[1:])
HEADER = "5,1.0000,1,一号地块,面,,住宅,0701,@\n"
PLAIN = HEAD + HEADER + points()


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """``rings`` are the numbers of points of each ring of each parcel; ``issues`` are ``code@line`` in order;
    ``parcel`` are fields of the first parcel and ``crs`` of the declared CRS; ``refused`` is the code of a refusal."""

    quirk: int
    why: str
    text: str
    rings: tuple[tuple[int, ...], ...] = ((4,),)
    corners: tuple[tuple[float, float], ...] | None = SQUARE
    issues: tuple[str, ...] = ()
    parcel: Mapping[str, object] = field(default_factory=dict)
    crs: Mapping[str, object] = field(default_factory=dict)
    refused: str | None = None
