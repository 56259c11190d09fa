"""Writing the files of a command: all or none, never over what the command read, and never in place of a device."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from geo_review.errors import InvalidOption
from geo_review.wording import say

_REASONS = {
    errno.ENOENT: "no_folder",
    errno.ENOTDIR: "no_folder",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EROFS: "no_permission",
    errno.EISDIR: "is_folder",
    errno.ENOSPC: "disk_full",
    errno.ENAMETOOLONG: "name_too_long",
}


def refuse_clashes(outputs: Sequence[str], inputs: Iterable[Path]) -> None:
    """Refuse an output that is one of the inputs, or two outputs that are one file (links are followed)."""
    read = {path.resolve(): path for path in inputs}
    seen: set[Path] = set()
    for name in outputs:
        target = Path(name).resolve()
        if target in read or target in seen:
            key = "output_is_input" if target in read else "output_twice"
            raise InvalidOption(code=key, message=say(f"cli.{key}", path=name), remedy=say("cli.cannot_write_remedy"))
        seen.add(target)


def write_all(files: Mapping[str, bytes]) -> None:
    """Write every file beside its target first, then rename: one that cannot be written leaves none of them behind.

    A link is followed, a file keeps its mode; a pipe or a device is written to as it is.
    """
    staged: list[tuple[Path, Path]] = []
    name = ""
    try:
        for name, content in files.items():
            path = Path(name)
            if path.exists() and not path.is_file():
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
                path.write_bytes(content)
                continue
            target = path.resolve()
            beside = target.with_name(f".geo-review-{secrets.token_hex(8)}")
            staged.append((beside, target))
            with beside.open("xb") as stream:
                stream.write(content)
            if target.exists():
                beside.chmod(target.stat().st_mode & 0o777)
        for beside, target in staged:
            beside.replace(target)
    except OSError as error:
        for beside, _ in staged:
            beside.unlink(missing_ok=True)
        raise InvalidOption(
            code="cannot_write",
            message=say("cli.cannot_write", path=name, reason=reason_of(error)),
            remedy=say("cli.cannot_write_remedy"),
        ) from error


def reason_of(error: OSError) -> str:
    """Say in the user's language why a file cannot be written, where the system's reason is a known one."""
    known = _REASONS.get(error.errno or 0)
    return say(f"cli.reason_{known}") if known else error.strerror or type(error).__name__
