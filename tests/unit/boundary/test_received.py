"""Names of files as they lie on disk become text, whatever the machine that wrote them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo_review.boundary.received import from_path


@pytest.mark.parametrize(
    ("on_disk", "name"),
    [
        ("红线.txt".encode(), "红线.txt"),
        ("红线.txt".encode("gbk"), "红线.txt"),  # unpacked from an archive of a Chinese Windows
        (b"\xff\xff.txt", "��.txt"),  # in no encoding we know: visible, and it can be written into a report
    ],
)
def test_a_file_name_is_text(on_disk: bytes, name: str, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), on_disk)))  # noqa: PTH118 bytes are no Path
    path.write_bytes(b"x")
    assert from_path(path).name == name
