"""The first run without its rights: what is missing is told in one line, and nothing is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo_review import debian, first_run


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Debian with nothing of ours, its apt lists read, and a user who may not install."""
    offered = {"postgresql-17-postgis-3"}
    monkeypatch.delenv("GEO_REVIEW_DATABASE_URL", raising=False)
    monkeypatch.setattr(debian, "postgis_versions", list)
    monkeypatch.setattr(debian, "is_installed", lambda _package: False)
    monkeypatch.setattr(debian, "has_candidate", offered.__contains__)
    monkeypatch.setattr(debian, "_said_by", lambda *_: "postgresql\n  Depends: postgresql-17\n")
    monkeypatch.setattr(debian, "server_versions", lambda _servers: [])
    monkeypatch.setattr(debian, "lists_are_empty", lambda: False)
    monkeypatch.setattr(first_run, "FONTS", tmp_path)
    monkeypatch.setattr(first_run, "BROWSERS", ())
    monkeypatch.setattr(first_run, "_way_to_root", lambda: None)


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize(
    ("arguments", "given", "packages", "reason"),
    [
        ([], "", "postgresql-17-postgis-3 fonts-noto-cjk", "the distribution's own version"),
        (["--tests"], "", "postgresql-17-postgis-3 fonts-noto-cjk chromium", "the pages are tested in a browser"),
        ([], "postgresql://elsewhere", "fonts-noto-cjk", "a database is there already"),
    ],
)
def test_first_run_without_rights_prints_the_one_line_and_exits_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    given: str,
    packages: str,
    reason: str,
) -> None:
    monkeypatch.setenv("GEO_REVIEW_DATABASE_URL", given)
    assert first_run.main(arguments) == first_run.REFUSED
    told = capsys.readouterr().err.splitlines()[-1]
    assert told == f"sudo apt-get install -y --no-install-recommends {packages}", reason


@pytest.mark.usefixtures("bare_machine")
def test_line_begins_with_update_when_apt_has_never_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "lists_are_empty", lambda: True)
    assert debian.install_line(["x"]).startswith("sudo apt-get update && sudo apt-get install -y")


@pytest.mark.usefixtures("bare_machine")
def test_venv_is_asked_for_when_python_came_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    assert "python3-venv" in first_run.missing_packages(for_tests=False)


def test_python_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(first_run, "OLDEST_PYTHON", (9, 0))
    assert first_run.main([]) == first_run.REFUSED
    assert "3.11" in capsys.readouterr().err


def test_environment_that_is_up_to_date_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(first_run, "VENV", tmp_path)
    (tmp_path / "stamp").write_text("\n".join(first_run._wanted_stamps()))
    monkeypatch.setattr(first_run, "_run", lambda _command: pytest.fail("something was installed"))
    first_run.ensure_environment()
