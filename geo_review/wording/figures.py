"""Numbers for people: areas, shares, lengths. The only place that rounds; every comparison is made before it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

M2_PER_MU = Decimal(10_000) / Decimal(15)
M2_PER_HECTARE = Decimal(10_000)

_LARGEST_PART = "99.99"
_NOISE = 1e-12  # of two sums over the same land


def square_metres(area_m2: float) -> str:
    """``1,234.50``; a small area keeps two significant digits, so that something never reads as nothing."""
    return _rounded(Decimal(repr(area_m2)), 2)


def mu(area_m2: float) -> str:
    """The area in 亩 (1 亩 = 10,000/15 m²) with four decimals."""
    return _rounded(Decimal(repr(area_m2)) / M2_PER_MU, 4)


def hectares(area_m2: float) -> str:
    """The area in 公顷 with four decimals."""
    return _rounded(Decimal(repr(area_m2)) / M2_PER_HECTARE, 4)


def percent(share: float) -> str:
    """A share of 1 as a percentage with two decimals, ``12.50%``.

    It reads 100 only for the whole and 0 only for nothing: what is left out may be what matters.
    """
    text = _rounded(Decimal(repr(share)) * 100, 2)
    return f"＞{_LARGEST_PART}%" if text == "100.00" and share < 1.0 - _NOISE else f"{text}%"


def metres(length_m: float) -> str:
    """A length in metres with two decimals."""
    return _rounded(Decimal(repr(length_m)), 2)


def _rounded(value: Decimal, decimals: int) -> str:
    step = Decimal(1).scaleb(-decimals)
    if value and abs(value) < step:
        step = Decimal(1).scaleb(value.adjusted() - 1)
        return f"{value.quantize(step, rounding=ROUND_HALF_UP):f}"
    return f"{value.quantize(step, rounding=ROUND_HALF_UP):,f}"
