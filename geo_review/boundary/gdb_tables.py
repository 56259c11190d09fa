"""The files of a FileGDB within a zip or a folder: which they are, and a zip of them alone. Reads no table.

Only tables and their lists of rows are taken. Indexes are left out (one that lost a row would hide land), and so are
locks, notes and whatever else a folder may hold.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

_TABLE = re.compile(r"a[0-9a-f]{8}\.(gdbtable|gdbtablx)")
_FIRST_TABLE = "a00000001.gdbtable"  # the list of all tables: without it there is no geodatabase
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the same tables are the same bytes


def is_table(path: PurePosixPath) -> bool:
    """Tell whether a file is one of the tables of a geodatabase."""
    return _TABLE.fullmatch(path.name.lower()) is not None


def geodatabases(paths: Iterable[PurePosixPath]) -> list[PurePosixPath]:
    """Return the folders that are a geodatabase."""
    return sorted({path.parent for path in paths if path.name.lower() == _FIRST_TABLE})


def packed(tables: Mapping[str, bytes]) -> bytes:
    """Return a zip of tables by their names, in no folder, uncompressed; the same tables give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(tables, key=str.lower):
            archive.writestr(zipfile.ZipInfo(name.lower(), _WRITTEN), tables[name])
    return made.getvalue()
