"""The drawn city fits the written figures, and its layers are what they claim to be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

import shapely

from geo_review.city import PUYANG
from geo_review.geometry.crs import LONLAT, reproject
from geo_review.geometry.measure import ellipsoidal_area_m2
from geo_review.rules.load import load_rulebook, packaged_rulebooks
from geo_review.sample_city.deliveries import read_deliveries
from geo_review.sample_city.facts import PLANE
from geo_review.sample_city.plan import Plan, SampleLayer

COUNTIES = ("华龙区", "清丰县", "南乐县", "范县", "台前县", "濮阳县")


def test_counties_when_drawn_then_tile_the_city_without_gap_or_overlap(plan: Plan) -> None:
    counties = list(plan.land.counties.values())
    whole = shapely.union_all(counties)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert shapely.coverage_is_valid(counties)
    assert sum(county.area for county in counties) == pytest.approx(whole.area, rel=1e-12)


@pytest.mark.parametrize("name", COUNTIES)
def test_county_when_drawn_then_has_the_written_extent_and_area(plan: Plan, name: str) -> None:
    county = plan.facts.county(name)
    lonlat = reproject(plan.land.counties[name], PLANE, LONLAT)
    assert lonlat.bounds == pytest.approx(county.extent_deg, abs=0.02)
    assert ellipsoidal_area_m2(lonlat) / 1e6 == pytest.approx(county.area_km2, rel=0.10)


def test_city_when_drawn_then_lies_in_the_plausible_extent(plan: Plan) -> None:
    west, south, east, north = reproject(plan.land.city, PLANE, LONLAT).bounds
    assert PUYANG.west_deg <= west < east <= PUYANG.east_deg
    assert PUYANG.south_deg <= south < north <= PUYANG.north_deg


@pytest.mark.parametrize("rulebook", packaged_rulebooks())
def test_layers_when_drawn_then_hold_every_code_a_packaged_rulebook_asks_for(
    layers: Mapping[str, SampleLayer], rulebook: str
) -> None:
    assert set(load_rulebook(rulebook).layer_codes) <= set(layers)


def test_layers_when_drawn_then_are_valid_and_inside_the_surveyed_land(
    plan: Plan, layers: Mapping[str, SampleLayer]
) -> None:
    assert set(layers) == set(read_deliveries())
    for code, layer in layers.items():
        assert len(layer.geometries), code
        assert shapely.is_valid(layer.geometries).all(), code
        assert not shapely.is_empty(layer.geometries).any(), code
        assert shapely.covers(plan.surveyed, layer.geometries).all(), code
        assert {len(column) for column in layer.attributes.values()} == {len(layer.geometries)}, code


def test_farmland_when_drawn_then_has_20000_fields_that_do_not_overlap_and_are_off_the_towns(
    plan: Plan, layers: Mapping[str, SampleLayer]
) -> None:
    fields = layers["YJJBNT"].geometries
    assert len(fields) == 20_000
    assert shapely.area(fields).sum() - shapely.union_all(fields).area < 1.0
    assert not shapely.intersects(plan.development, fields).any()
    neighbours = shapely.STRtree(fields).query(fields, predicate="touches").shape[1] / len(fields)
    assert neighbours > 4  # fields lie side by side; blobs would have none


def test_red_line_of_nature_when_drawn_then_has_holes(layers: Mapping[str, SampleLayer]) -> None:
    assert sum(shapely.get_num_interior_rings(shapely.get_parts(layers["STBHHX"].geometries))) > 20


def test_development_boundaries_when_drawn_then_have_holes_and_exclaves(plan: Plan) -> None:
    for town in plan.towns.values():
        parts = town.development.geoms
        assert len(parts) >= 2, town.county.name
        assert sum(len(part.interiors) for part in parts) >= 2, town.county.name


def test_water_sources_when_drawn_then_level_1_lies_in_level_2(layers: Mapping[str, SampleLayer]) -> None:
    inner, outer = layers["YYSYD1"].geometries, layers["YYSYD2"].geometries
    assert shapely.contains(outer, inner).all()


def test_heritage_when_drawn_then_core_and_belt_share_an_edge_and_no_land(layers: Mapping[str, SampleLayer]) -> None:
    core, belt = layers["WWBHDWHX"].geometries, layers["WWJKDD"].geometries
    assert shapely.touches(core, belt).all()
    assert np.allclose(shapely.area(shapely.intersection(core, belt)), 0.0, atol=1e-6)


def test_coverage_when_drawn_then_one_layer_has_a_gap_in_the_east_of_taiqian(
    plan: Plan, layers: Mapping[str, SampleLayer]
) -> None:
    gaps = {code: layer.unsurveyed for code, layer in layers.items() if layer.unsurveyed is not None}
    assert list(gaps) == ["DZZH"]
    taiqian = plan.land.counties["台前县"]
    assert 0.2 < gaps["DZZH"].intersection(taiqian).area / taiqian.area < 0.7
    others = [county for name, county in plan.land.counties.items() if name != "台前县"]
    assert not shapely.intersects(gaps["DZZH"], others).any()
