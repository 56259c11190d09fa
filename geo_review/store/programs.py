"""Finds the PostgreSQL server programs that have PostGIS. Installs nothing: says the one line that would."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geo_review import debian
from geo_review.errors import MissingPrograms
from geo_review.wording import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Programs:
    """The server programs of one PostgreSQL version."""

    version: int
    folder: Path

    def path(self, name: str) -> str:
        return str(self.folder / name)


def find_programs(
    *, wanted: int | None = None, servers: Path = debian.SERVERS, extensions: Path = debian.EXTENSIONS
) -> Programs:
    """Return the newest programs with PostGIS, or exactly version ``wanted`` when a data folder was made by it.

    Raises MissingPrograms with the line to run.
    """
    found = debian.postgis_versions(servers, extensions)
    for version in found:
        if wanted in (None, version):
            return Programs(version=version, folder=servers / str(version) / "bin")
    package = debian.postgis_package(servers) if wanted is None else f"postgresql-{wanted}-postgis-3"
    message = say("setup.no_postgis") if wanted is None else say("setup.no_postgis_of_version", version=wanted)
    raise MissingPrograms(
        code="missing_programs", message=message, remedy=say("setup.run_line", line=debian.install_line([package]))
    )
