"""The city as a value: where its land may plausibly lie, and the working CRS of its store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class City:
    """Extent in lon/lat degrees (EPSG:4490) and the projected CRS the store keeps geometry in (easting first).

    ``working_epsg`` is no setting: the schema is migrated with it, and `store.working_crs` takes PUYANG's.
    The figures of Puyang are rounded from its six counties' extents: a sanity check, not a legal boundary.
    """

    name: str = "濮阳市"
    code: str = "410900"
    west_deg: float = 114.87
    south_deg: float = 35.34
    east_deg: float = 116.10
    north_deg: float = 36.21
    working_epsg: int = 4547


PUYANG = City()
