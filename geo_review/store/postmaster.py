"""Which process serves a data folder, and what a killed one left behind. Starts and configures nothing.

The processes are looked up by the account that owns them: in a container even root may not see the working folder of
another account's process.
"""

from __future__ import annotations

import time

from geo_review.store.cluster_place import Place

_PATIENCE_S = 10.0

# Every process of a server has its data folder as working folder. A zombie serves nobody, though its number is taken.
_SERVERS = """
for process in /proc/[0-9]*; do
    read -r line < "$process/stat" || continue
    case $line in *") Z "*) continue ;; *"(postgres) "*) ;; *) continue ;; esac
    if [ "$process/cwd" -ef data ]; then echo "${process#/proc/} ours"
    elif [ ! -e "$process/cwd" ]; then echo "${process#/proc/} unknown"
    fi
done 2> /dev/null
"""


def running_pid(place: Place) -> int | None:
    """Return the process id of the server of this place, or None.

    The number in ``postmaster.pid`` is not believed alone: after a SIGKILL or a restart of the container it may by
    now belong to any other program, and PostgreSQL would then refuse to start for ever.
    """
    written = _written_pid(place)
    return written if written is not None and written in _servers(place) else None


def clear_after_kill(place: Place) -> None:
    """Make the data folder ready for a start after its server was killed. Only for a server that is not running.

    The killed server's children may still be writing; two generations on one data folder would destroy it, so they
    are ended first, which is what PostgreSQL itself does after a crash.
    """
    began = time.monotonic()
    while orphans := [str(pid) for pid, whose in _servers(place).items() if whose == "ours"]:
        waited_s = time.monotonic() - began
        if waited_s > _PATIENCE_S:
            return  # PostgreSQL finds its shared memory in use, refuses, and says so
        if waited_s > _PATIENCE_S / 2:
            place.run("sh", "-c", 'kill -KILL "$@"', "sh", *orphans)
        time.sleep(0.05)
    (place.data / "postmaster.pid").unlink(missing_ok=True)


def _written_pid(place: Place) -> int | None:
    try:
        return int((place.data / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _servers(place: Place) -> dict[int, str]:
    """Return the PostgreSQL processes of this place (``ours``), and those of which nobody tells (``unknown``)."""
    lines = place.run("sh", "-c", _SERVERS).stdout.splitlines()
    return {int(pid): whose for pid, whose in (line.split() for line in lines)}
