"""A stored red line written out: TXT → store → TXT keeps every coordinate, and `projects export` every promise."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import shapely

from geo_review.boundary.model import Boundary
from geo_review.boundary.read import read_boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.survey_text_write import write_survey_text
from geo_review.boundary.written_formats import FormatName, Wish
from geo_review.city import PUYANG
from geo_review.cli import main
from geo_review.geometry.crs import gauss_kruger
from geo_review.store.connect import make_engine, make_sessions
from geo_review.usecases.export_red_line import export_red_line
from geo_review.usecases.submit_project import submit_project
from tests.builders import make_boundary
from tests.postgis.stored import CODE, NOW, submit
from tests.unit.boundary.test_survey_text_write import boundaries
from tests.unit.boundary.test_survey_text_write import read as read_rings

INTO_ZONE_39_M = -230_000.0  # from the builders' corner to the east of the city, which is in zone 39


def of_the_city(boundary: Boundary) -> Boundary:
    """The same red line where the city is."""
    if boundary.measuring_epsg == 4547:
        return boundary
    move = np.array([INTO_ZONE_39_M, 0.0])
    lands = [shapely.transform(parcel.geometry, lambda corners: corners + move) for parcel in boundary.parcels]
    return make_boundary(*lands, measuring_epsg=4548)


@given(drawn=boundaries().map(of_the_city), prefixed=st.booleans(), prefixed_again=st.booleans())
@runs(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_txt_when_stored_and_written_again_then_every_coordinate_to_the_millimetre(
    session: Session, drawn: Boundary, prefixed: bool, prefixed_again: bool
) -> None:
    content = write_survey_text(drawn, producer="某院", produced_on=date(2026, 1, 1), prefixed=prefixed)
    file = ReceivedFile(name="界址点.txt", content=content)
    red_line = read_boundary(file, city=PUYANG)
    with session.begin_nested() as example:
        submit_project(session, code=CODE, name="样例", flow=None, attributes={}, file=file, boundary=red_line, now=NOW)
        session.expire_all()
        exported = export_red_line(
            session, code=CODE, format_name="txt", wish=Wish(prefixed=None if prefixed_again else False)
        )
        example.rollback()
    zone = gauss_kruger(drawn.measuring_epsg)
    assert zone is not None
    assert f"带号={zone.zone}\r\n" in exported.content.decode("gb18030")
    before, after = read_rings(content), read_rings(exported.content)
    assert [sorted(map(len, rings)) for rings in before] == [sorted(map(len, rings)) for rings in after]
    for rings, again in zip(before, after, strict=True):
        # Parts of a parcel may come in another order, corners of a ring may not: J1 is north-west, then clockwise.
        of_first = {tuple(np.round(ring[0], 3)): ring for ring in again}
        for ring in rings:
            assert np.abs(of_first[tuple(np.round(ring[0], 3))] - ring).max() < 0.001
        shell = max(again, key=lambda ring: shapely.Polygon(ring).area)
        assert not shapely.LinearRing(shell).is_ccw
        corner = np.array([shell[:, 0].min(), shell[:, 1].max()])
        assert np.hypot(*(shell - corner).T).argmin() == 0


RunBinary = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def run(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> RunBinary:
    """Run `geo-review projects export` in a folder of its own, on a store with one project."""
    engine = make_engine(database_url)
    with make_sessions(engine).begin() as session:
        submit(session)
    engine.dispose()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GEO_REVIEW_DATABASE_URL", database_url)

    def run(*words: str) -> tuple[int, bytes, str]:
        monkeypatch.setattr(sys, "argv", ["geo-review", "projects", "export", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsysbinary.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err.decode()

    return run


def test_export_when_no_name_is_given_then_its_own_and_never_over_another(run: RunBinary, tmp_path: Path) -> None:
    for name in get_args(FormatName):
        status, out, err = run(CODE, "--format", name)
        assert (status, err) == (0, "")
        suffix = "zip" if name == "shp" else name
        written = tmp_path / f"{CODE}-v1.{suffix}"
        assert str(written.name) in out.decode()
        content = written.read_bytes()
        assert run(CODE, "--format", name)[0] == 2, "not named, so not written over"
        assert run(CODE, "--format", name, "-o", written.name)[0] == 0, "named"
        assert written.read_bytes() == content, "the same bytes again"


def test_export_when_to_standard_output_then_the_file_alone(run: RunBinary, tmp_path: Path) -> None:
    status, out, err = run(CODE, "--format", "txt", "--encoding", "utf-8", "--no-prefix", "-o", "-")
    assert (status, err) == (0, "")
    assert out.decode("utf-8").splitlines()[:2] == ["[属性描述]", "格式版本号=1.01版本"]
    assert "数据产生日期=2026-11-23" in out.decode("utf-8"), "the day it was submitted"
    assert b",592900.000\r\n" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param((CODE, "--format", "gpkg", "-o", "-"), "not_for_stdout", id="binary"),
        pytest.param((CODE, "--format", "kml", "--zone", "39"), "option_of_other_format", id="degrees have no zone"),
        pytest.param((CODE, "--format", "shp", "--encoding", "utf-8"), "option_of_other_format", id="always UTF-8"),
        pytest.param((CODE, "--format", "txt", "--version", "2"), "unknown_boundary", id="no such version"),
        pytest.param(("NONE", "--format", "txt"), "unknown_project", id="no such project"),
        pytest.param((CODE, "--format", "dwg"), "usage", id="no such format"),
        pytest.param((CODE, "--format", "txt", "-o", "no/such/folder/a.txt"), "cannot_write", id="no such folder"),
    ],
)
def test_export_when_refused_then_exit_2_and_no_file(
    run: RunBinary, tmp_path: Path, words: tuple[str, ...], code: str
) -> None:
    status, out, err = run(*words)
    assert (status, out) == (2, b"")
    assert err.startswith(f"geo-review: [{code}] ")
    assert list(tmp_path.iterdir()) == []
