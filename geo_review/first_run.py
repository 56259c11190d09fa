"""What the first `make` needs: Debian packages, `.venv/` and the locked Python packages in it. Starts nothing.

Run by the system's own Python before anything is installed, so: standard library only. It is idempotent and quick
when there is nothing to do. Without the right to install Debian packages it prints the one line to run and exits 2.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
REFUSED = 2
OLDEST_PYTHON = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS = Path("/usr/share/fonts")


class Refused(Exception):
    """The set-up cannot go on; the text says what to do."""


def main(arguments: list[str]) -> int:
    """Set up for the demo, or with ``--tests`` for the tests too; return the exit status."""
    if sys.version_info < OLDEST_PYTHON:
        print("geo-review: 需要 Python 3.11 或以上，当前是 {}.{}。".format(*sys.version_info), file=sys.stderr)
        return REFUSED
    try:
        ensure_packages(for_tests="--tests" in arguments)
        ensure_environment()
    except Refused as refusal:
        print(f"geo-review: {refusal}", file=sys.stderr)
        return REFUSED
    return 0


def ensure_packages(*, for_tests: bool) -> None:
    """Install the Debian packages that are missing, or refuse with the one line that does."""
    from geo_review.debian import install_line, lists_are_empty

    missing = missing_packages(for_tests=for_tests)
    if not missing:
        return
    as_root = _way_to_root()
    if as_root is None or shutil.which("apt-get") is None:
        raise Refused(_say("setup.missing_packages", line=install_line(missing)))
    print(_say("setup.installing_packages", packages=" ".join(missing)), flush=True)
    if lists_are_empty():
        _apt(as_root, "update")
        missing = missing_packages(for_tests=for_tests)  # only now is the distribution's PostgreSQL known
    if not _install(as_root, missing):
        _apt(as_root, "update")  # lists of last month name files that are gone
        _install(as_root, missing)
    if still := missing_packages(for_tests=for_tests):
        raise Refused(_say("setup.packages_not_installed", line=install_line(still)))


def missing_packages(*, for_tests: bool) -> list[str]:
    """Return the Debian packages to install, none when all that is needed is here."""
    from geo_review import debian

    missing = []
    if not os.environ.get("GEO_REVIEW_DATABASE_URL") and not debian.postgis_versions():
        missing.append(debian.postgis_package())
    if not debian.is_installed("fonts-noto-cjk") and not any(FONTS.rglob("NotoSansCJK*")):
        missing.append("fonts-noto-cjk")
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        missing.append(_venv_package())
    if for_tests and not any(shutil.which(name) for name in BROWSERS):
        missing.append("chromium")
    return missing


def ensure_environment() -> None:
    """Make `.venv/` from the lock file, unless it is already the one; two at once are one."""
    if _stamps() == _wanted_stamps():
        return
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "first_run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        locked, project = _wanted_stamps()
        if _stamps()[0] != locked:
            print(_say("setup.installing_python_packages"), flush=True)
            (VENV / "stamp").unlink(missing_ok=True)
            _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
            _pip("--require-hashes", "--no-compile", "-r", "requirements.lock")
            _compile()
            (VENV / "stamp").write_text(f"{locked}\n")
        if _stamps() != (locked, project):
            _pip("--no-build-isolation", "--no-index", "-e", ".")
            (VENV / "stamp").write_text(f"{locked}\n{project}\n")


def _stamps() -> tuple[str, str]:
    """Return what `.venv/` was made from: the locked packages, and the project's own description."""
    try:
        written = (VENV / "stamp").read_text().split()
    except OSError:
        written = []
    locked, project = [*written, "", ""][:2]
    return locked, project


def _wanted_stamps() -> tuple[str, str]:
    # The folder belongs to it: a moved clone's scripts would name a Python that is not there. Python's third number
    # does not: apt may bring a newer one while this very process runs.
    python = f"{sys.implementation.cache_tag} {sys.base_prefix} {os.uname().machine} {ROOT}"
    locked = (ROOT / "requirements.lock").read_bytes() + python.encode()
    project = (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(locked).hexdigest(), hashlib.sha256(project).hexdigest()


def _pip(*words: str) -> None:
    quiet = ["-qq", "--no-input", "--disable-pip-version-check", "--no-deps"]
    _run([str(VENV / "bin" / "python"), "-m", "pip", "install", *quiet, *words])


def _compile() -> None:
    """Compile on every core; pip would use one, and the packages' own tests are never imported."""
    command = [str(VENV / "bin" / "python"), "-m", "compileall", "-qq", "-j", "0", "-x", "/tests?/", str(VENV / "lib")]
    subprocess.run(command, stdin=subprocess.DEVNULL, check=False)  # a file that cannot be compiled is a template


def _run(command: list[str]) -> None:
    ours = {"PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIREMENT", "VIRTUAL_ENV"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    if not environment.get("HOME"):
        environment.pop("HOME", None)  # empty, it would put pip's cache into the root folder
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise Refused(_say("setup.command_failed", command=" ".join(command), status=done.returncode))


def _way_to_root() -> list[str] | None:
    """Return the words before a command that make it root's, or None when this user may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


# Debian would make a cluster and start it on port 5432 with the packages. That is not ours to do on a user's machine:
# its own switch forbids it while our apt-get runs, and is taken away again.
_WITHOUT_SYSTEM_CLUSTER = """
set -e
folder=/etc/postgresql-common/createcluster.d
made=$(test -d "$folder" || echo yes)
trap 'rm -f "$folder/geo-review.conf"; test -z "$made" || rmdir "$folder" 2> /dev/null || true' EXIT
mkdir -p "$folder"
echo 'create_main_cluster = false' > "$folder/geo-review.conf"
DEBIAN_FRONTEND=noninteractive "$@"
"""


def _install(as_root: list[str], packages: list[str]) -> bool:
    return _apt(as_root, "install", "-y", "--no-install-recommends", *" ".join(packages).split())


def _apt(as_root: list[str], *words: str) -> bool:
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=600", *words]
    command = [*as_root, "sh", "-c", _WITHOUT_SYSTEM_CLUSTER, "sh", *apt]
    log = ROOT / "var" / "apt.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("a") as file:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, check=False)
    return done.returncode == 0


def _venv_package() -> str:
    from geo_review import debian

    own = f"python3.{sys.version_info.minor}-venv"
    return own if debian.has_candidate(own) else "python3-venv"


def _say(key: str, **values: object) -> str:
    from geo_review.wording import say

    return say(key, **values)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
