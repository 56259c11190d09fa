"""What a user said of a file as it is kept in a column of JSON. Checks nothing."""

from __future__ import annotations

from collections.abc import Mapping

from geo_review.boundary.asked import NOTHING_ASKED, Asked


def asked_to_json(asked: Asked) -> dict[str, object]:
    """Return what was said, in an order of its own."""
    return {
        "epsg": asked.epsg,
        "layer": asked.layer,
        "parcels": list(asked.parcels),
        "accept": sorted(asked.accept),
    }


def asked_from_json(item: Mapping[str, object] | None) -> Asked:
    """Return what was said; None is from before it was kept."""
    if item is None:
        return NOTHING_ASKED
    epsg, layer, parcels, accept = (item[name] for name in ("epsg", "layer", "parcels", "accept"))
    assert isinstance(parcels, list)
    assert isinstance(accept, list)
    return Asked(
        epsg=epsg if isinstance(epsg, int) else None,
        layer=layer if isinstance(layer, str) else None,
        parcels=tuple(parcels),
        accept=frozenset(accept),
    )
