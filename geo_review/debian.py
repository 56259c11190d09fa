"""Which Debian packages this machine has and lacks, and the one line that installs them. Standard library only.

Used before the virtual environment exists (first_run) and after it (the embedded PostGIS), so it imports nothing.
Installs nothing itself.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

SERVERS = Path("/usr/lib/postgresql")  # Debian: <version>/bin/postgres
EXTENSIONS = Path("/usr/share/postgresql")  # Debian: <version>/extension/postgis.control
LISTS = Path("/var/lib/apt/lists")
OLDEST_POSTGRESQL = 15

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def postgis_versions(servers: Path = SERVERS, extensions: Path = EXTENSIONS) -> list[int]:
    """Return the PostgreSQL versions that are here with their PostGIS, newest first; too old ones do not count."""
    return [
        version
        for version in server_versions(servers)
        if (extensions / str(version) / "extension" / "postgis.control").is_file()
    ]


def server_versions(servers: Path = SERVERS) -> list[int]:
    """Return the PostgreSQL versions whose server programs are here, newest first, with or without PostGIS."""
    found = [int(folder.parent.parent.name) for folder in servers.glob("[0-9]*/bin/initdb")]
    return sorted((version for version in found if version >= OLDEST_POSTGRESQL), reverse=True)


def postgis_package(servers: Path = SERVERS) -> str:
    """Return the package that brings a server with PostGIS: for a server already here, else for the distribution's."""
    for version in server_versions(servers):
        if has_candidate(f"postgresql-{version}-postgis-3"):
            return f"postgresql-{version}-postgis-3"
    depends = re.search(r"Depends: postgresql-(\d+)", _said_by("apt-cache", "depends", "postgresql"))
    return f"postgresql-{depends[1]}-postgis-3" if depends else "postgresql-postgis"


def is_installed(package: str) -> bool:
    """Return whether Debian's package is fully installed."""
    return _said_by("dpkg-query", "-W", "-f", "${db:Status-Status}", package) == "installed"


def has_candidate(package: str) -> bool:
    """Return whether apt knows where to get the package."""
    candidate = re.search(r"Candidate: (\S+)", _said_by("apt-cache", "policy", package))
    return candidate is not None and candidate[1] != "(none)"


def lists_are_empty() -> bool:
    """Return whether apt has never looked what there is, as in a fresh container."""
    return not any(LISTS.glob("*_Packages*"))


def install_line(packages: list[str]) -> str:
    """Return the one line a user runs to get these packages."""
    first = "sudo apt-get update && " if lists_are_empty() else ""
    return f"{first}sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def _said_by(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"LC_ALL": "C", "PATH": _PATH})
    return done.stdout if done.returncode == 0 else ""
