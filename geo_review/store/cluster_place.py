"""Where the embedded PostGIS lives and which account runs it. Starts nothing.

PostgreSQL refuses to run as root, so root hands it to an unprivileged account; that account cannot enter a clone in
somebody's private folder, and a Unix socket's path ends at 107 bytes. Both need another folder than ``var/``: it is
made once and written down in the home.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from geo_review.errors import ClusterUnavailable
from geo_review.wording import say

ELSEWHERE = Path("/var/lib/geo-review")
_SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.65535.lock")
_PLAIN_PATH = re.compile(r"[^,'\"\\\n\r]*")  # what postgresql.conf takes in a list of folders without escapes
_PRIVATE = 0o700


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The folder of a cluster, ``data/`` and its small files in it, and the account that owns all of it."""

    folder: Path
    socket_folder: Path
    account: str | None  # None: this very user
    moved: bool  # not under the home, because the account cannot reach it

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def password(self) -> Path:
        return self.folder / "password"

    @property
    def port(self) -> Path:
        return self.folder / "port"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program as the owning account, in the folder, with nothing of our own environment."""
        entry = None if self.account is None else pwd.getpwnam(self.account)
        return subprocess.run(
            command,
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            user=entry and entry.pw_uid,
            group=entry and entry.pw_gid,
            extra_groups=[] if entry else None,
        )

    def write(self, path: Path, text: str) -> None:
        """Write a file only the account (and root) can read, whole or not at all."""
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600, exist_ok=False)
        fresh.write_text(text, encoding="utf-8")
        self.hand_over(fresh)
        fresh.replace(path)

    def hand_over(self, path: Path) -> None:
        """Give a file or folder to the account."""
        if self.account is not None:
            entry = pwd.getpwnam(self.account)
            os.chown(path, entry.pw_uid, entry.pw_gid)


def remembered_place(home: Path) -> Place | None:
    """Return the place of the cluster of ``home``, or None when it was never made."""
    note = home / "cluster.place"
    folder = Path(note.read_text(encoding="utf-8").strip()) if note.is_file() else home / "cluster"
    if not folder.is_dir():
        return None
    owner = folder.stat().st_uid
    if owner == os.geteuid() == 0:
        return None  # killed before it was handed over
    if owner != os.geteuid() and os.geteuid() != 0:
        raise ClusterUnavailable(
            code="cluster_of_another_user",
            message=say("setup.cluster_of_another_user", folder=folder, owner=_name_of(owner)),
            remedy=say("setup.choose_home"),
        )
    account = None if owner == os.geteuid() else _name_of(owner)
    return Place(folder=folder, socket_folder=_socket_folder(folder), account=account, moved=note.is_file())


def make_place(home: Path, *, elsewhere: Path = ELSEWHERE) -> Place:
    """Make the folder of the cluster of ``home``: inside it when the account can enter, else below ``elsewhere``."""
    account = _unprivileged_account() if os.geteuid() == 0 else None
    folder = home / "cluster"
    folder.mkdir(mode=_PRIVATE, exist_ok=True)
    inside = Place(folder=folder, socket_folder=_socket_folder(folder), account=account, moved=False)
    if _takes(inside):
        return inside
    folder.rmdir()
    elsewhere.mkdir(mode=0o755, parents=True, exist_ok=True)
    # A fresh name each time: a clone deleted and made again at the same path must not find the old one's data.
    name = sha256(os.fsencode(home)).hexdigest()[:8]
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=elsewhere))
    moved = Place(folder=folder, socket_folder=_socket_folder(folder), account=account, moved=True)
    if not _takes(moved):
        raise ClusterUnavailable(
            code="no_place_for_cluster",
            message=say("setup.no_place", folder=folder, account=account),
            remedy=say("setup.choose_home"),
        )
    (home / "cluster.place").write_text(f"{folder}\n", encoding="utf-8")
    return moved


def make_socket_folder(place: Place) -> Path:
    """Make the private, empty socket folder; refuses one that another user put there first."""
    folder = place.socket_folder
    if folder.is_symlink() or (folder.is_dir() and folder.stat().st_uid != place.folder.stat().st_uid):
        raise ClusterUnavailable(
            code="socket_folder_taken", message=say("setup.socket_folder_taken", folder=folder), remedy=None
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=_PRIVATE)
    place.hand_over(folder)
    return folder


def _takes(place: Place) -> bool:
    """Give the folder to the account and see whether it can work there."""
    try:
        place.hand_over(place.folder)
        probe = str(place.folder / "probe")  # by its whole path: from inside, a closed folder above is not noticed
        return place.run("sh", "-c", 'touch "$1" && rm "$1"', "sh", probe).returncode == 0
    except OSError:  # a file system without owners, or a folder above that the account may not enter
        return False


def _socket_folder(folder: Path) -> Path:
    inside = folder / "socket"
    if len(os.fsencode(inside)) <= _SOCKET_PATH_LIMIT and _PLAIN_PATH.fullmatch(str(inside)):
        return inside
    return Path("/tmp") / f"geo-review-{sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108 its owner is checked


def _unprivileged_account() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise ClusterUnavailable(code="no_account", message=say("setup.no_account"), remedy=None)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
