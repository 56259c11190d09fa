"""One drawn plan and one written city for all tests of a worker: drawing takes seconds."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from geo_review.sample_city import SEED, SampleCity, write_sample_city
from geo_review.sample_city.layers import draw_layers
from geo_review.sample_city.plan import Plan, SampleLayer, draw_plan


@pytest.fixture(scope="session")
def plan() -> Plan:
    return draw_plan(SEED)


@pytest.fixture(scope="session")
def layers(plan: Plan) -> Mapping[str, SampleLayer]:
    return draw_layers(plan)


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> SampleCity:
    return write_sample_city(tmp_path_factory.mktemp("sample") / "city")
