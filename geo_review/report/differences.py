"""Where two documents of a review differ, field by field. Says nothing of why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldDifference:
    """One field. ``path`` is as in `results[2].area_planar_m2`; ABSENT stands for a field that one does not have."""

    path: str
    then: Any
    now: Any


ABSENT = "∅"


def differences(then: Any, now: Any, path: str = "") -> Iterator[FieldDifference]:
    """Yield every field in which two JSON values differ, in the order of the first."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in (*then, *(key for key in now if key not in then)):
            yield from differences(then.get(key, ABSENT), now.get(key, ABSENT), f"{path}.{key}" if path else key)
    elif isinstance(then, list) and isinstance(now, list):
        for index in range(max(len(then), len(now))):
            yield from differences(
                then[index] if index < len(then) else ABSENT,
                now[index] if index < len(now) else ABSENT,
                f"{path}[{index}]",
            )
    elif type(then) is not type(now) or then != now:
        yield FieldDifference(path=path, then=then, now=now)
