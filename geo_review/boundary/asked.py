"""What a user says of a red-line file where the file leaves something open. Checks nothing: each reader does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """``epsg`` is the reference system; ``layer`` the layer, table, sheet or member of a zip, as `ChoiceNeeded` offers
    it; ``parcels`` are numbers from 1 in file order, empty for all of them; ``accept`` the issue codes answered for.
    """

    epsg: int | None = None
    layer: str | None = None
    parcels: tuple[int, ...] = ()
    accept: frozenset[str] = frozenset()


NOTHING_ASKED = Asked()
