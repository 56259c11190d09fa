"""Where a red line comes from, as a caller says it: fields that forms of red lines share. Looks nothing up."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from geo_review.review.lineage import FIRST_STAGE, LAST_STAGE, Origin, Relation, parse_parent

MOST_PARENTS = 100


class OriginFields(BaseModel):
    """What a red line is to the ones it was drawn from; everything may be left out."""

    model_config = ConfigDict(extra="forbid")

    relation: Relation | None = Field(
        default=None,
        description="Without: `first` for a first version, `adjust` of the version before for a later one.",
    )
    parents: list[str] = Field(
        default_factory=list,
        max_length=MOST_PARENTS,
        description="`CODE` or `CODE@VERSION`, of any project; as often as the relation has parents.",
        examples=[["2026-410902-47-01-012345@2"]],
    )
    stage: int | None = Field(
        default=None,
        ge=FIRST_STAGE,
        le=LAST_STAGE,
        description="The permit it is for: 1 land use planning, 2 construction planning, 3 building, 4 completion.",
    )

    @field_validator("relation", "stage", mode="before")
    @classmethod
    def nothing_said(cls, value: object) -> object:
        """Return an empty field of a form as nothing."""
        return None if value == "" else value

    @property
    def origin(self) -> Origin:
        """The same as a value; a parent that is no `CODE@VERSION` is refused."""
        return Origin(
            relation=self.relation,
            parents=tuple(parse_parent(parent) for parent in self.parents if parent.strip()),
            stage=self.stage,
        )
