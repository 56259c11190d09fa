"""Names and remarks that come from files, made fit to be shown anywhere. Escapes nothing: each rendering does that."""

from __future__ import annotations

import unicodedata
from typing import Any

UNSHOWABLE = "〓"  # the geta mark: what Chinese and Japanese print sets for a character it has no type for


def legible(text: str) -> str:
    """Return a text with white space folded, direction marks dropped, and characters that are no text made visible.

    An escape sequence in a file name would otherwise move the cursor of a terminal, a direction override would turn
    a name round, and a private-use character cannot be printed in PDF/A.
    """
    folded = " ".join(text.split())
    return "".join(_shown(character) for character in folded)


def legible_values(value: Any) -> Any:
    """Return a JSON value with every string in it, keys too, made `legible`; geometry has only numbers and is kept."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {legible(key): item if key == "geometry" else legible_values(item) for key, item in value.items()}
    if isinstance(value, list):
        return [legible_values(item) for item in value]
    return value


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return UNSHOWABLE if category.startswith("C") else character
