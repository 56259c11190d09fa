"""A folder of red lines into the store, file by file. One bad file never stops the rest; begun again, it goes on.

Files are read elsewhere (``read``) while this one stores: in bursts, each a transaction with a savepoint a file, so
that what is told as stored is stored, and a submission at the site never waits longer than for one burst.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from geo_review.boundary.asked import Asked
from geo_review.boundary.model import Boundary
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understanding import Understanding
from geo_review.errors import GeoReviewError, InvalidOption, ProjectExists, UnreadableBoundary
from geo_review.identifiers import checked_code
from geo_review.store.boundaries import get_boundary
from geo_review.store.in_force import InForce, in_force
from geo_review.usecases.folder_files import receive
from geo_review.usecases.import_plan import ImportPlan, PlannedFile
from geo_review.usecases.submit_project import is_in_force, submit_boundary, submit_project
from geo_review.wording import say

_MOST_IN_A_BURST = 32
_LONGEST_WAIT_S = 0.5  # of a file that has been read for its burst

Read = Callable[[Iterable[tuple[ReceivedFile, Asked]]], Iterator[Understanding]]


class Outcome(StrEnum):
    """What became of a file. ``acceptable`` is the ``stored`` of a dry run."""

    STORED = "stored"
    ALREADY_STORED = "already_stored"
    ACCEPTABLE = "acceptable"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileOutcome:
    """``file`` is its path within the folder; ``code`` is None for a row of the manifest without a file."""

    file: str
    code: str | None
    outcome: Outcome
    format: str | None = None
    version: int | None = None
    planar_area_m2: float | None = None
    refusal: GeoReviewError | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    planned: PlannedFile
    file: ReceivedFile
    format: str | None
    boundary: Boundary


def import_files(
    sessions: sessionmaker[Session],
    plan: ImportPlan,
    *,
    read: Read,
    new_versions: bool = False,
    dry_run: bool = False,
    now: Callable[[], datetime],
) -> Generator[FileOutcome, None, None]:
    """Read and store every file of a plan; yield what became of each, once it is certain.

    ``read`` yields the understandings of what it is given, in that order, and takes no more than it works on. A file
    that is in force for its project already is not read again. Another red line of a project that has one is refused
    unless ``new_versions``. Raises what the database raises when it is gone; what was yielded before stands.
    """
    for row in plan.refused:
        yield FileOutcome(file=row.name, code=None, outcome=Outcome.REFUSED, refusal=row.refusal)
    with sessions.begin() as session:
        known = in_force(session, {planned.code for planned in plan.files})
    decided: deque[FileOutcome] = deque()  # without reading
    under_way: deque[tuple[PlannedFile, ReceivedFile]] = deque()

    def to_read() -> Iterator[tuple[ReceivedFile, Asked]]:
        for planned in plan.files:
            try:
                file = _received(planned, known, decided)
            except GeoReviewError as refusal:
                decided.append(_refused(planned, None, refusal))
                continue
            if file is not None:
                under_way.append((planned, file))
                yield file, planned.asked

    store = _Store(sessions=sessions, known=known, new_versions=new_versions, dry_run=dry_run, now=now)
    for understanding in read(to_read()):
        planned, file = under_way.popleft()
        while decided:
            yield decided.popleft()
        if understanding.boundary is None:
            yield _refused(planned, understanding.format, _refusal_of(understanding))
            continue
        yield from store.add(
            _Read(planned=planned, file=file, format=understanding.format, boundary=understanding.boundary)
        )
    yield from store.finish()
    yield from decided


class _Store:
    """Collects what was read into bursts, and stores a burst in one transaction."""

    def __init__(
        self,
        *,
        sessions: sessionmaker[Session],
        known: Mapping[str, InForce],
        new_versions: bool,
        dry_run: bool,
        now: Callable[[], datetime],
    ) -> None:
        self._sessions = sessions
        self._known = known
        self._new_versions = new_versions
        self._dry_run = dry_run
        self._now = now
        self._burst: list[_Read] = []
        self._begun_s = 0.0

    def add(self, item: _Read) -> Iterator[FileOutcome]:
        if not self._burst:
            self._begun_s = time.monotonic()
        self._burst.append(item)
        if len(self._burst) >= _MOST_IN_A_BURST or time.monotonic() - self._begun_s > _LONGEST_WAIT_S:
            yield from self.finish()

    def finish(self) -> Iterator[FileOutcome]:
        burst, self._burst = self._burst, []
        if burst:
            with self._sessions.begin() as session:
                outcomes = [self._outcome(session, item) for item in burst]
            yield from outcomes

    def _outcome(self, session: Session, item: _Read) -> FileOutcome:
        try:
            with session.begin_nested() as savepoint:
                outcome, version = self._submit(session, item)
                if self._dry_run:
                    savepoint.rollback()
        except GeoReviewError as refusal:
            return _refused(item.planned, item.format, refusal)
        except (OperationalError, InterfaceError):
            raise  # the database is gone: no file's fault, and no file can be stored
        except Exception as fault:  # noqa: BLE001 of ours, with this file: it never stops the rest
            return _refused(item.planned, item.format, _fault(fault))
        return FileOutcome(
            file=item.planned.file.name,
            code=item.planned.code,
            outcome=outcome,
            format=item.format,
            version=version,
            planar_area_m2=item.boundary.planar_area_m2,
        )

    def _submit(self, session: Session, item: _Read) -> tuple[Outcome, int | None]:
        planned, done = item.planned, Outcome.ACCEPTABLE if self._dry_run else Outcome.STORED
        project = self._known.get(planned.code)
        if project is None:
            made = submit_project(
                session,
                code=planned.code,
                name=planned.name,
                flow=planned.flow,
                attributes={},
                file=item.file,
                boundary=item.boundary,
                now=self._now(),
            )
            return done, made.version
        if project.version is not None and not self._new_versions:
            latest = get_boundary(session, planned.code)
            if is_in_force(session, latest, item.file, item.boundary):
                return Outcome.ALREADY_STORED, latest.version
            raise ProjectExists(
                code="other_red_line_in_force",
                message=say("import.other_red_line_in_force", code=planned.code, version=latest.version),
                remedy=say("import.other_red_line_in_force_remedy"),
            )
        made = submit_boundary(session, planned.code, item.file, item.boundary, now=self._now())
        return done if made.is_new else Outcome.ALREADY_STORED, made.version


def _received(planned: PlannedFile, known: Mapping[str, InForce], decided: deque[FileOutcome]) -> ReceivedFile | None:
    """Return the bytes that have to be read, or None when they are in force already, which is decided then."""
    checked_code("code", planned.code)
    file = receive(planned.file)
    stored = known.get(planned.code)
    digest = hashlib.sha256(file.content).hexdigest()
    if stored is not None and stored.is_of(digest, planned.asked, has_companions=bool(file.companions)):
        decided.append(
            FileOutcome(
                file=planned.file.name,
                code=planned.code,
                outcome=Outcome.ALREADY_STORED,
                format=stored.format,
                version=stored.version,
                planar_area_m2=stored.planar_area_m2,
            )
        )
        return None
    if planned.rival is not None:
        raise InvalidOption(
            code="project_in_two_files",
            message=say("import.project_in_two_files", code=planned.code, other=planned.rival),
            remedy=say("import.project_in_two_files_remedy"),
        )
    return file


def _refusal_of(understanding: Understanding) -> GeoReviewError:
    assert understanding.refusal is not None  # one of both is given
    return understanding.refusal


def _refused(planned: PlannedFile, format_name: str | None, refusal: GeoReviewError) -> FileOutcome:
    return FileOutcome(
        file=planned.file.name, code=planned.code, outcome=Outcome.REFUSED, format=format_name, refusal=refusal
    )


def _fault(fault: Exception) -> GeoReviewError:
    return UnreadableBoundary(
        code="import_fault",
        message=say("import.import_fault", kind=type(fault).__name__),
        remedy=say("import.import_fault_remedy"),
    )
