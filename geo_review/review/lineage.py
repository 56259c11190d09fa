"""What a red line claims of the ones it was drawn from, checked against their land. Findings, never refusals.

A split takes a piece of one parent, a merge is all of several, a phase is built first of one. The sliver policy weighs
what does not agree: a part narrower than the contact width is told and means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import shapely
from shapely.geometry.base import BaseGeometry

from geo_review.errors import InvalidOption
from geo_review.identifiers import checked_code
from geo_review.review.findings import Contact, LandPart
from geo_review.review.measured_land import common_land, decisive, land_without, measured, total_m2, worst
from geo_review.wording import say
from geo_review.wording.figures import metres, mu, square_metres

CONTACT_WIDTH_M = 0.02  # ADR 8: the contact width wherever no rulebook says otherwise


class Relation(StrEnum):
    """What a red line is to its parents."""

    FIRST = "first"  # it has none
    REPLACE = "replace"  # it stands in their place, drawn anew
    ADJUST = "adjust"  # the same red line, corrected
    SPLIT = "split"  # a piece of one parent; others take the rest
    MERGE = "merge"  # all of several parents
    PHASE = "phase"  # a part of one parent that is built on its own


FIRST_STAGE, LAST_STAGE = 1, 4  # 立项用地规划许可, 工程建设许可, 施工许可, 竣工验收


@dataclass(frozen=True, kw_only=True, slots=True)
class ParentNamed:
    """A red line as a user names it: ``CODE@2``, or ``CODE`` for the latest of the project."""

    code: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """What a user says of where a red line comes from; everything may be left open. ``stage`` is 1 to 4."""

    relation: Relation | None = None
    parents: tuple[ParentNamed, ...] = ()
    stage: int | None = None


NOTHING_SAID = Origin()


def parse_parent(text: str) -> ParentNamed:
    """Return the red line that ``CODE`` or ``CODE@VERSION`` names, or raise InvalidOption."""
    code, at, version = text.strip().rpartition("@")
    if not at:
        code, version = text.strip(), "1"
    if not code or not re.fullmatch(r"[1-9][0-9]{0,8}", version, re.ASCII):
        raise InvalidOption(
            code="invalid_parent",
            message=say("lineage.invalid_parent", given=text),
            remedy=say("lineage.parents_remedy"),
        )
    return ParentNamed(code=checked_code("--parent", code), version=int(version) if at else None)


class LineageFault(StrEnum):
    """What does not agree between a red line and its relatives."""

    OUTSIDE_PARENT = "outside_parent"  # land of a split, phase or merge that no parent had
    MISSING_FROM_MERGE = "missing_from_merge"  # land of a parent that the merge does not have
    OVERLAPS_SIBLING = "overlaps_sibling"  # land that two pieces of one parent both take
    NOT_YET_SPLIT = "not_yet_split"  # land of the parent that no piece has taken


@dataclass(frozen=True, kw_only=True, slots=True)
class Relative:
    """A parent or a sibling: its name for people, and its land in the measuring CRS of the red line."""

    name: str
    land: BaseGeometry


@dataclass(frozen=True, kw_only=True, slots=True)
class LineageFinding:
    """One thing that does not agree, with the land it is about; ``relatives`` are the names of the others."""

    fault: LineageFault
    relatives: tuple[str, ...]
    contact: Contact
    planar_area_m2: float
    ellipsoidal_area_m2: float
    max_width_m: float
    parts: tuple[LandPart, ...]
    message: str


def check_lineage(
    relation: Relation,
    land: BaseGeometry,
    *,
    parents: Sequence[Relative],
    siblings: Sequence[Relative] = (),
    epsg: int,
    contact_width_m: float = CONTACT_WIDTH_M,
) -> tuple[LineageFinding, ...]:
    """Return what does not agree; every land is in ``epsg``, the measuring CRS of the red line.

    ``siblings`` are the latest red lines of other projects that were split off the same parent. A first red line, an
    adjustment and a replacement claim nothing: what changed there is drift.
    """
    if relation not in (Relation.SPLIT, Relation.MERGE, Relation.PHASE):
        return ()
    whole = shapely.union_all([parent.land for parent in parents])
    names = tuple(parent.name for parent in parents)
    found = [(LineageFault.OUTSIDE_PARENT, names, land_without(land, whole))]
    if relation is Relation.MERGE:
        found += [
            (LineageFault.MISSING_FROM_MERGE, (parent.name,), land_without(parent.land, land)) for parent in parents
        ]
    else:
        found += [
            (LineageFault.OVERLAPS_SIBLING, (sibling.name,), common_land(land, sibling.land)) for sibling in siblings
        ]
    if relation is Relation.SPLIT:
        taken = shapely.union_all([land, *(sibling.land for sibling in siblings)])
        found.append((LineageFault.NOT_YET_SPLIT, names, land_without(whole, taken)))
    return tuple(
        _finding(fault, relatives, measured(polygons, epsg=epsg, contact_width_m=contact_width_m))
        for fault, relatives, polygons in found
        if polygons
    )


def _finding(fault: LineageFault, relatives: tuple[str, ...], parts: tuple[LandPart, ...]) -> LineageFinding:
    contact = worst(parts)
    area_m2 = total_m2(parts)
    width_m = max(part.max_width_m for part in parts)
    message = say(
        f"lineage.fault_{fault}",
        relatives="、".join(relatives),
        area=square_metres(total_m2(decisive(parts)) or area_m2),
        mu=mu(total_m2(decisive(parts)) or area_m2),
        count=len(decisive(parts) or parts),
        width=metres(width_m),
    )
    if contact is Contact.TECHNICAL:
        message += say("lineage.only_technical")
    return LineageFinding(
        fault=fault,
        relatives=relatives,
        contact=contact,
        planar_area_m2=area_m2,
        ellipsoidal_area_m2=sum(part.ellipsoidal_area_m2 for part in parts),
        max_width_m=width_m,
        parts=parts,
        message=message,
    )
