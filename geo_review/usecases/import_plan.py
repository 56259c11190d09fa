"""What a folder's import will do: every file with its project and how it is to be read. Parses and stores nothing."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.boundary.received import companion_paths
from geo_review.errors import GeoReviewError, InvalidOption, UnreadableBoundary
from geo_review.usecases.folder_files import FolderFile, files_of
from geo_review.usecases.folder_manifest import NAMES, Manifest, ManifestRow, manifest_of, read_manifest
from geo_review.usecases.project_of_file import ProjectNamed, named_by_stem, named_in_text
from geo_review.wording import say

# [项目信息] stands at the head of a text of some kilobytes; nobody's red line of megabytes is searched for it.
_MOST_TEXT_BYTES = 4 * 2**20


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedFile:
    """A file that is to become a red line of project ``code``. ``rival`` is another file of the folder that is, too."""

    file: FolderFile
    code: str
    name: str
    flow: str | None
    asked: Asked
    rival: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedName:
    """A row of the manifest without its file: refused before anything is read."""

    name: str
    refusal: GeoReviewError


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPlan:
    """``unused_columns`` are those of the manifest that mean nothing."""

    files: tuple[PlannedFile, ...]
    refused: tuple[RefusedName, ...] = ()
    manifest: Path | None = None
    unused_columns: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """What is read: no output may be one of these."""
        beside = [path for planned in self.files for path in companion_paths(planned.file.path)]
        return (*(planned.file.path for planned in self.files), *beside, *([self.manifest] if self.manifest else []))

    @property
    def count(self) -> int:
        """How many outcomes there will be."""
        return len(self.files) + len(self.refused)


def plan_import(
    folder: Path,
    *,
    manifest: Path | None = None,
    flow: str | None = None,
    asked: Asked = NOTHING_ASKED,
) -> ImportPlan:
    """Find the files of a folder and their projects: by the manifest, else by their own words, else by their names.

    ``flow`` and ``asked`` are for files of which the manifest says nothing else. Raises InvalidOption for a manifest
    with mistakes and for a folder without files.
    """
    manifest = manifest or manifest_of(folder)
    told = read_manifest(manifest) if manifest else Manifest()
    own = [folder / name for name in NAMES]
    files = files_of(folder, without=[*own, *([manifest] if manifest else [])])
    rows, missing = _matched(told.rows, files)
    planned = [_planned(file, row, flow, asked) for file in files for row in rows.get(file.name, [None])]
    if not planned and not missing:
        raise InvalidOption(
            code="nothing_to_import",
            message=say("import.nothing_to_import", folder=folder),
            remedy=say("import.nothing_to_import_remedy"),
        )
    return ImportPlan(
        files=tuple(_with_rivals(planned)),
        refused=tuple(_refused(row) for row in missing),
        manifest=manifest,
        unused_columns=told.unused,
    )


def _matched(
    rows: Sequence[ManifestRow], files: Sequence[FolderFile]
) -> tuple[Mapping[str, list[ManifestRow]], list[ManifestRow]]:
    """Rows by the file they mean, and those that mean none. A name without its folder will do where it is the only
    one."""
    by_path = {_form(file.name): file.name for file in files}
    by_name: dict[str, list[str]] = defaultdict(list)
    for file in files:
        by_name[_form(PurePosixPath(file.name).name)].append(file.name)
    found: dict[str, list[ManifestRow]] = defaultdict(list)
    missing = []
    for row in rows:
        meant = by_path.get(_form(row.file))
        alike = by_name.get(_form(row.file), [])
        if meant is None and len(alike) == 1:
            meant = alike[0]
        if meant is None:
            missing.append(row)
        else:
            found[meant].append(row)
    return found, missing


def _planned(file: FolderFile, row: ManifestRow | None, flow: str | None, asked: Asked) -> PlannedFile:
    own, stem = ProjectNamed(), named_by_stem(file.stem)
    if row is None or row.name is None:
        own = _own_words(file)
    if row is None:
        code, name = own.code or stem.code, own.name or stem.name
    else:
        code, name = row.code, row.name or own.name or stem.name
        flow = row.flow or flow
        asked = replace(asked, epsg=row.epsg or asked.epsg, layer=row.layer or asked.layer)
    return PlannedFile(file=file, code=code or file.stem, name=name or file.stem, flow=flow, asked=asked)


def _own_words(file: FolderFile) -> ProjectNamed:
    try:
        if not file.path.is_file() or file.path.stat().st_size > _MOST_TEXT_BYTES:
            return ProjectNamed()
        return named_in_text(file.path.read_bytes())
    except OSError:
        return ProjectNamed()  # reading it will say why


def _with_rivals(planned: Sequence[PlannedFile]) -> Iterator[PlannedFile]:
    by_code: dict[str, list[PlannedFile]] = defaultdict(list)
    for item in planned:
        by_code[item.code].append(item)
    for item in planned:
        rival = next((other.file.name for other in by_code[item.code] if other is not item), None)
        yield item if rival is None else replace(item, rival=rival)


def _refused(row: ManifestRow) -> RefusedName:
    return RefusedName(
        name=row.file,
        refusal=UnreadableBoundary(
            code="manifest_file_missing",
            message=say("import.manifest_file_missing", line=row.line),
            remedy=say("import.manifest_file_missing_remedy"),
        ),
    )


def _form(name: str) -> str:
    """Return a name as it is compared: macOS takes accents apart, Windows does not tell cases."""
    return unicodedata.normalize("NFC", name).casefold()
