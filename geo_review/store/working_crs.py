"""The reference system the store keeps judged geometry in: one a deployment, easting first, metres."""

from __future__ import annotations

from geo_review.city import PUYANG

WORKING_EPSG = PUYANG.working_epsg
