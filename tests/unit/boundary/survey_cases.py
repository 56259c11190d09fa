"""The quirks of survey texts seen in the field, one row each: why it is there, the text, and what must be read."""

from __future__ import annotations

from tests.unit.boundary.survey_land_cases import LAND_CASES
from tests.unit.boundary.survey_layout_cases import LAYOUT_CASES

CASES = (*LAYOUT_CASES, *LAND_CASES)
