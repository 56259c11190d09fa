"""The embedded PostGIS for real: made, killed, started twice, moved out of closed folders."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import URL, make_url

from geo_review.city import PUYANG
from geo_review.errors import ClusterUnavailable, GeoReviewError, InvalidOption, MissingPrograms
from geo_review.settings import Settings
from geo_review.store import cluster
from geo_review.store.cluster_place import remembered_place
from geo_review.store.given_database import _driver_words
from geo_review.store.programs import find_programs


def test_row_is_there_when_the_server_was_killed_and_started_again(cluster_home: Path) -> None:
    url = cluster.ensure_running(cluster_home)
    _write_a_row(url)
    for pid in _processes(cluster_home):
        os.kill(pid, signal.SIGKILL)

    url = cluster.ensure_running(cluster_home)

    assert _rows(url) == 1


def test_start_when_only_the_postmaster_was_killed_then_its_busy_children_do_not_survive(cluster_home: Path) -> None:
    url = cluster.ensure_running(cluster_home)
    _write_a_row(url)
    before = _processes(cluster_home)
    with closing(_connect(url)) as client, client.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        os.kill(before[0], signal.SIGKILL)
        url = cluster.ensure_running(cluster_home)

    assert _rows(url) == 1
    assert not set(before) & set(_processes(cluster_home))


def test_start_when_the_old_process_number_now_belongs_to_another_program(cluster_home: Path) -> None:
    url = cluster.ensure_running(cluster_home)
    _write_a_row(url)
    for pid in _processes(cluster_home):
        os.kill(pid, signal.SIGKILL)
    place = remembered_place(cluster_home)
    assert place is not None
    with _stranger(place.account) as stranger:
        written = (place.data / "postmaster.pid").read_text().splitlines()
        (place.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *written[1:], ""]))

        url = cluster.ensure_running(cluster_home)

        assert stranger.poll() is None, "somebody else's process was ended"
    assert _rows(url) == 1


def test_start_when_running_is_a_no_op_and_stop_keeps_the_data(cluster_home: Path) -> None:
    url = cluster.ensure_running(cluster_home, durable=False)
    _write_a_row(url)
    running = cluster.status(cluster_home)
    assert cluster.ensure_running(cluster_home, durable=False) == url
    assert cluster.status(cluster_home) == running

    with closing(_connect(url)):
        assert not cluster.stop(cluster_home, only_when_idle=True), "a client is there"
    assert cluster.stop(cluster_home)
    assert not cluster.stop(cluster_home)
    assert not cluster.status(cluster_home).running

    assert _rows(cluster.ensure_running(cluster_home, durable=False)) == 1


def test_two_starts_at_once_are_one_server(cluster_home: Path) -> None:
    command = [str(Path(sys.executable).with_name("geo-review")), "db", "up"]
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "GEO_REVIEW_HOME": str(cluster_home)}
    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [started.communicate(timeout=120)[0] for started in both]

    assert [started.returncode for started in both] == [0, 0], said
    assert said[0] == said[1]
    pid = cluster.status(cluster_home).pid
    assert _servers_of(cluster_home) == [pid]


@pytest.mark.parametrize(
    ("folder", "mode", "reason"),
    [
        ("closed", 0o700, "the account that runs the server may not enter"),
        ('it\'s $HOME, "x" `y` 张三', 0o755, "signs that a shell or postgresql.conf would read"),
        ("n" * 120, 0o755, "a Unix socket's path ends at 107 bytes"),
    ],
)
def test_cluster_starts_in_any_folder(cluster_home: Path, folder: str, mode: int, reason: str) -> None:
    clone = cluster_home / folder
    clone.mkdir(mode=mode)
    url = cluster.ensure_running(clone / "var", durable=False)
    _write_a_row(url)

    assert _rows(url) == 1, reason
    # An ordinary user's own closed folder is no hindrance to that user's server.
    assert cluster.status(clone / "var").moved == (os.geteuid() == 0 and not mode & 0o001)


def test_start_when_making_it_was_cut_short_begins_anew(cluster_home: Path) -> None:
    cluster.ensure_running(cluster_home, durable=False)
    cluster.stop(cluster_home)
    place = remembered_place(cluster_home)
    assert place is not None
    place.data.rename(place.folder / "data.new")  # as initdb leaves it when killed half-way

    with closing(_connect(cluster.ensure_running(cluster_home, durable=False))) as client, client.cursor() as cursor:
        cursor.execute("SELECT postgis_lib_version()")
        assert cursor.fetchone()


def test_secrets_are_private_and_the_password_needs_its_quotes(cluster_home: Path) -> None:
    cluster.ensure_running(cluster_home, durable=False)
    place = remembered_place(cluster_home)
    assert place is not None
    assert set("@:/?#%&=+") < set(place.password.read_text())
    assert place.password.stat().st_mode & 0o077 == 0
    assert place.socket_folder.stat().st_mode & 0o077 == 0
    assert place.data.stat().st_mode & 0o077 == 0
    with pytest.raises(psycopg2.OperationalError, match="no password"):
        psycopg2.connect(_without_password(cluster_home))


@pytest.mark.parametrize(
    ("servers", "wanted", "line", "reason"),
    [
        ({}, None, "postgis", "nothing is installed"),
        ({15: False}, None, "postgresql-15-postgis-3", "the server is there, its PostGIS is not"),
        ({13: True}, None, "postgis", "too old"),
        ({15: True}, 99, "postgresql-99-postgis-3", "the data were made by a version that is gone"),
    ],
)
def test_missing_programs_are_told_with_the_line_that_installs_them(
    tmp_path: Path, servers: dict[int, bool], wanted: int | None, line: str, reason: str
) -> None:
    for version, has_postgis in servers.items():
        (tmp_path / f"lib/{version}/bin").mkdir(parents=True)
        (tmp_path / f"lib/{version}/bin/initdb").touch()
        (tmp_path / f"share/{version}/extension").mkdir(parents=True)
        if has_postgis:
            (tmp_path / f"share/{version}/extension/postgis.control").touch()

    with pytest.raises(MissingPrograms) as caught:
        find_programs(wanted=wanted, servers=tmp_path / "lib", extensions=tmp_path / "share")

    assert "sudo apt-get install -y" in (caught.value.remedy or ""), reason
    assert line in (caught.value.remedy or ""), reason


@pytest.mark.parametrize("given", ["postgresql://", "postgres://", "postgresql+psycopg2://"])
def test_given_database_is_used_whatever_its_url_is_called(postgis_server: URL, given: str, tmp_path: Path) -> None:
    plain = postgis_server.render_as_string(hide_password=False).partition("://")[2]

    assert cluster.database_url(_settings(tmp_path, given + plain)) == f"postgresql+psycopg2://{plain}"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "error", "code"),
    [
        ("mysql://a:secret@localhost/b", InvalidOption, "invalid_database_url"),
        ("secret", InvalidOption, "invalid_database_url"),
        ("postgresql://a:secret@127.0.0.1:1/b", ClusterUnavailable, "database_not_answering"),
    ],
)
def test_given_database_that_cannot_be_used_is_told_without_its_password(
    tmp_path: Path, given: str, error: type[GeoReviewError], code: str
) -> None:
    with pytest.raises(error) as caught:
        cluster.database_url(_settings(tmp_path, given))
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


def test_a_database_that_does_not_answer_is_told_in_chinese_first_and_the_driver_last(tmp_path: Path) -> None:
    given = "postgresql://reviewer:secret@127.0.0.1:1/city?connect_timeout=2"
    with pytest.raises(ClusterUnavailable) as caught:
        cluster.database_url(_settings(tmp_path, given))
    said, driver = str(caught.value).split("\n")
    assert said.startswith(
        "连接不上数据库：主机 127.0.0.1，端口 1，库 city，用户 reviewer（GEO_REVIEW_DATABASE_URL）。请检查："
    )
    assert driver.startswith("  驱动程序的原话：")


def test_the_words_of_the_driver_never_show_the_password() -> None:
    url = make_url("postgresql://reviewer:s%40cret@127.0.0.1/city")
    words = _driver_words(psycopg2.OperationalError("bad dsn s%40cret\n\n and s@cret"), url)
    assert words == "bad dsn *** and ***"


def _settings(home: Path, url: str) -> Settings:
    return Settings(home=home, database_url=url, open_maps=False, city=PUYANG)


def _write_a_row(url: str) -> None:
    with closing(_connect(url)) as client, client, client.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (place geometry)")
        cursor.execute("INSERT INTO kept VALUES (ST_SetSRID(ST_MakePoint(115, 35.7), 4490))")


def _rows(url: str) -> int:
    with closing(_connect(url)) as client, client.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        return int(cursor.fetchone()[0])


def _connect(url: str) -> psycopg2.extensions.connection:
    return psycopg2.connect(url.replace("postgresql+psycopg2", "postgresql", 1))


def _without_password(home: Path) -> str:
    return f"postgresql://geo_review@127.0.0.1:{cluster.status(home).port}/geo_review?passfile=/nowhere"


def _processes(home: Path) -> list[int]:
    """The server's processes, the postmaster first."""
    pid = cluster.status(home).pid
    assert pid is not None
    everyone = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid, *(other for other in everyone if _parent(other) == pid)]


def _servers_of(home: Path) -> list[int]:
    """The postmasters that work in the data folder of this home."""
    folder = cluster.status(home).folder
    assert folder is not None
    everyone = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    found = {pid for pid in everyone if _works_in(pid, folder / "data")}
    return [pid for pid in found if _parent(pid) not in found]


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:  # it ended, or is none of our business
        return False


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


@contextmanager
def _stranger(account: str | None) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the account that has nothing to do with us."""
    process = subprocess.Popen(["sleep", "60"], user=pwd.getpwnam(account).pw_uid if account else None)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
