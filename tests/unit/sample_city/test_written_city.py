"""The written city, read back by the real readers and judged by the real engine."""

from __future__ import annotations

import tomllib
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import pyogrio  # noqa: TID251 an independent reader

from geo_review.boundary.read import read_boundary
from geo_review.boundary.received import from_path
from geo_review.city import PUYANG
from geo_review.control import folder as control_folder
from geo_review.control.as_read import read_with_digest
from geo_review.control.folder import near, open_folder
from geo_review.errors import RefusedInput
from geo_review.review.engine import review
from geo_review.review.findings import Contact, Finding, ReviewReport, Verdict
from geo_review.review.inputs import ReviewInputs
from geo_review.rules.load import DEFAULT_RULEBOOK, load_rulebook
from geo_review.sample_city import AS_OF, SampleCity, SampleProject


def test_review_of_every_sample_project_gives_the_verdict_it_was_placed_for(
    city: SampleCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        control_folder, "read_with_digest", cache(read_with_digest)
    )  # 40 reviews, one reading of each file
    reports = {project.name: _reviewed(project, city) for project in city.projects}
    expected = {project.name: project.expected for project in city.projects}
    assert {name: report.verdict for name, report in reports.items()} == expected
    for project in city.projects:
        touched = {finding.rule.layer for finding in reports[project.name].findings if _meets(finding)}
        assert set(project.meets) <= touched, project.name

    contacts = {finding.rule.id: finding.contact for finding in reports["濮阳县湿地公园游客中心"].findings}
    assert contacts["STBHHX-forbid"] is Contact.TECHNICAL
    contacts = {finding.rule.id: finding.contact for finding in reports["华龙区绿城路便民市场"].findings}
    assert contacts["ZXCQCSLVX-forbid"] is Contact.TOUCH


def test_projects_when_written_then_show_every_verdict_zone_format_and_flow(city: SampleCity) -> None:
    assert len(city.projects) == 40
    assert len({project.code for project in city.projects}) == 40
    assert {len(project.code) for project in city.projects} == {24}
    verdicts = Counter(project.expected for project in city.projects)
    assert all(verdicts[verdict] >= 3 for verdict in Verdict)
    boundaries = [read_boundary(from_path(project.file), city=PUYANG) for project in city.projects]
    assert {boundary.format for boundary in boundaries} >= {"txt", "shp", "geojson", "gpkg"}
    assert {boundary.measuring_epsg for boundary in boundaries} == {4547, 4548}
    assert {boundary.crs.epsg for boundary in boundaries} == {4490, 4526, 4527, 4547, 4548}
    assert {project.flow for project in city.projects} == {
        "government-building",
        "government-linear",
        "private-general",
        "private-small",
        "private-with-design",
        "industrial",
        "other",
    }
    issues = {issue.code for boundary in boundaries for issue in boundary.issues}
    assert issues >= {"axes_swapped", "ring_not_closed", "point_count_differs"}
    assert {boundary.declared_area_unit for boundary in boundaries} >= {"公顷", "平方米", "亩"}
    assert max(len(boundary.parcels) for boundary in boundaries) == 2
    assert any(polygon.interiors for boundary in boundaries for polygon in boundary.geometry.geoms)


def test_refused_files_when_read_then_are_refused_for_the_written_reason(city: SampleCity) -> None:
    found = {}
    for refused in city.refused:
        try:
            read_boundary(from_path(refused.file), city=PUYANG)
        except RefusedInput as error:
            found[refused.file.name] = error.code
    assert found == {refused.file.name: refused.error for refused in city.refused}


def test_layers_when_written_then_say_that_they_are_sample_data_and_are_mixed_in_crs_and_format(
    city: SampleCity,
) -> None:
    words = tomllib.loads((city.layers / "layers.toml").read_text(encoding="utf-8"))
    assert list(words) == list(city.layer_codes)
    for code, entry in words.items():
        assert "样例数据" in entry["title"], code
        assert "样例数据" in entry["source"], code
        assert (city.layers / f"{code}.coverage.geojson").is_file(), code
    suffixes = {path.suffix for path in city.layers.iterdir() if ".coverage" not in path.name}
    assert suffixes >= {".gpkg", ".shp", ".geojson", ".parquet"}
    codes = {pyogrio.read_info(path)["crs"] for path in city.layers.glob("*.gpkg")}
    assert codes == {"EPSG:4490", "EPSG:4526", "EPSG:4527", "EPSG:4547", "EPSG:4548"}


def test_zipped_shapefile_when_packed_on_windows_then_names_are_gbk_and_the_prj_is_esri(city: SampleCity) -> None:
    zipped = {project.name: project.file for project in city.projects if project.file.suffix == ".zip"}
    names = _gbk_names(zipped["清丰县食用菌深加工产业园"])
    assert "清丰县食用菌深加工产业园.shp" in names
    assert not any(name.endswith(".prj") for name in _gbk_names(zipped["范县化工产业集聚区扩建"]))
    with zipfile.ZipFile(zipped["清丰县食用菌深加工产业园"]) as archive:
        (prj,) = (entry for entry in archive.namelist() if entry.endswith(".prj"))
        assert b"CGCS2000" in archive.read(prj)
        assert b"AUTHORITY" not in archive.read(prj)


def _reviewed(project: SampleProject, city: SampleCity) -> ReviewReport:
    rulebook = load_rulebook(DEFAULT_RULEBOOK)
    boundary = read_boundary(from_path(project.file), city=PUYANG)
    folder = open_folder(city.layers)
    layers = {code: near(folder, code, boundary, reach_m=rulebook.reach_m) for code in rulebook.layer_codes}
    present = {code: layer for code, layer in layers.items() if layer is not None}
    inputs = ReviewInputs(boundary=boundary, as_of=AS_OF, layers=present, project={"flow": project.flow})
    return review(inputs, rulebook)


def _meets(finding: Finding) -> bool:
    return finding.contact is not Contact.NONE


def _gbk_names(file: Path) -> list[str]:
    with zipfile.ZipFile(file, metadata_encoding="gbk") as archive:
        return archive.namelist()
