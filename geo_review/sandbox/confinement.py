"""Shuts a process in, layer by layer, as far as this kernel and this user allow; says of each whether it holds.

No layer is left out silently: what could not be applied is in the answer, with the reason.
"""

from __future__ import annotations

import os
import resource
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import geo_review
from geo_review.sandbox import kernel
from geo_review.sandbox.limits import MOST_CPU_S, MOST_MEMORY_BYTES, MOST_OPEN_FILES
from geo_review.sandbox.system_calls import refuse_calls

_NOBODY = 65534
_READABLE = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/lib",
    "/lib64",
    "/usr/share/zoneinfo",
    "/usr/share/proj",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/urandom",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One wall: ``name`` is stable (namespace, privileges, files …); ``reason`` says why it does not hold."""

    name: str
    holds: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Confinement:
    """The walls around the readings, in the order they were built."""

    layers: tuple[Layer, ...]

    def holds(self, name: str) -> bool:
        """Tell whether a layer holds."""
        return any(layer.holds for layer in self.layers if layer.name == name)

    @property
    def without_network(self) -> bool:
        """Nothing in there can reach the network: it has none of its own, or may open no socket."""
        return self.holds("namespace") or self.holds("calls")

    @property
    def without_files(self) -> bool:
        """Nothing in there can read what is not the program's, or write anything."""
        return self.holds("files")


def confine() -> Confinement:
    """Shut in this process and all it will start. Called once, with every module loaded and one thread."""
    readable = list(_readable())
    built = [
        _built("namespace", _leave_the_network),
        _built("user", lambda: _become_nobody(readable)),
        _built("privileges", _give_up_privileges),
        _built("files", lambda: kernel.restrict_files(readable)),
        _built("calls", refuse_calls),
    ]
    return Confinement(layers=tuple(built))


def confine_reading(mapped_bytes: int) -> None:
    """Set the limits of one reading in the child that does it; ``mapped_bytes`` is what was mapped before.

    The calls that only the process that started it needs (fork, kill …) are refused, too.
    """
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
    for limit, value in (
        (resource.RLIMIT_AS, mapped_bytes + MOST_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S + 1))
    with suppress(OSError):  # told already: the layer "calls" does not hold
        refuse_calls(while_reading=True)


def _built(name: str, build: Callable[[], None]) -> Layer:
    try:
        build()
    except (OSError, ValueError) as failure:
        return Layer(name=name, holds=False, reason=str(failure))
    return Layer(name=name, holds=True)


def _leave_the_network() -> None:
    own = kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC
    try:
        kernel.unshare(own)
    except OSError:
        kernel.unshare(own | kernel.CLONE_NEWUSER)  # an ordinary user may, where the system lets them


def _become_nobody(readable: list[Path]) -> None:
    """Give root up. A user who is not root stays who they are: nothing can be given up."""
    if os.geteuid() != 0:
        return
    for path in readable:
        for part in (path, *path.parents):
            if part.exists() and not part.stat().st_mode & (0o001 if part.is_dir() else 0o004):
                raise OSError(f"only root may read {part}")
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _give_up_privileges() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.drop_capabilities()


def _readable() -> Iterator[Path]:
    """The interpreter's library, the installed packages and our own: not the folder they stand in (it holds `var/`)."""
    paths = sysconfig.get_paths()
    base = {"base": sysconfig.get_config_var("installed_base"), "platbase": sysconfig.get_config_var("installed_base")}
    yield from (Path(paths[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield from (Path(sysconfig.get_path(name, vars=base)) for name in ("stdlib", "platstdlib"))
    yield Path(geo_review.__file__).parent
    yield from map(Path, _READABLE)
