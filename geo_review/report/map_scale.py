"""Round numbers of a printed map: its scale, the steps of its grid, the length of its scale bar."""

from __future__ import annotations

import math

# 1:500, 1:1000, 1:2000 are the scales of cadastral and site plans; above 1:10000 those of the national series.
SCALES = (100, 200, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000)

_GRID_MM = 30.0
_BAR_MM = 50.0


def round_scale(width_m: float, height_m: float, *, room_width_mm: float, room_height_mm: float) -> int:
    """Return the denominator of the largest scale at which land of this size fits the room."""
    needed = max(width_m / room_width_mm, height_m / room_height_mm) * 1000.0
    return next((scale for scale in SCALES if scale >= needed), _next_round(needed))


def grid_step_m(scale: int) -> float:
    """Return the round distance between grid lines, at least 30 mm on paper."""
    return _next_round(_GRID_MM * scale / 1000.0)


def bar_length_m(scale: int) -> float:
    """Return the longest round length that is no longer than 50 mm on paper."""
    return _last_round(_BAR_MM * scale / 1000.0)


def _next_round(value: float) -> int:
    power = 10 ** math.floor(math.log10(value))
    return int(next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9)))


def _last_round(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (5, 2, 1) if step * power <= value * (1 + 1e-9))
