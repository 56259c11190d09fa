"""Files of strangers in, understandings out, each read in a child process of its own. Decides nothing about a file.

A file can crash its child, never us: that is a refusal. When there is no child to be had, that is `ParserUnavailable`.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from types import TracebackType

from geo_review.boundary.asked import NOTHING_ASKED, Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understood import Understanding
from geo_review.city import City
from geo_review.errors import GeoReviewError, ParserUnavailable
from geo_review.sandbox.blocks import Untrusted
from geo_review.sandbox.confinement import Confinement, Layer
from geo_review.sandbox.deaths import in_words, refusal_of, unbelievable
from geo_review.sandbox.limits import MOST_ANSWER_BYTES, MOST_FILES_A_CHILD, MOST_WALL_S
from geo_review.sandbox.plain_text import is_survey_text
from geo_review.sandbox.start import Ended, Talk, Zygote, ZygoteLost
from geo_review.sandbox.wire import Request, decode_understanding, encode_request
from geo_review.sandbox.words import PROBE, READ
from geo_review.wording import say

_log = logging.getLogger(__name__)

_MOST_WAITING = 64
_STARTS = 2  # of a zygote for one question: the second one because the first may have been lost for no fault of ours
_AHEAD = 3  # files under way for each child: one read, one on its way to it, one answered


class ParserPool:
    """Reads files in children, as many at once as there are cores. May be used by many threads; built once.

    With ``strict`` it reads nothing unless the children have neither network nor files. ``zygote`` is one begun before.
    """

    def __init__(self, *, strict: bool = False, children: int | None = None, zygote: Zygote | None = None) -> None:
        self._strict = strict
        self._children = children or len(os.sched_getaffinity(0))
        self._free = threading.BoundedSemaphore(self._children)
        self._waiting = threading.BoundedSemaphore(self._children + _MOST_WAITING)
        self._lock = threading.Lock()
        self._zygote = zygote

    def __enter__(self) -> ParserPool:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Begin to load the readers, in a process of their own, and do not wait for it."""
        self._current()

    def close(self) -> None:
        """End the process and what it reads."""
        with self._lock:
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None

    def confinement(self) -> Confinement:
        """Wait until the readers are loaded; return how they are shut in. Raises ParserUnavailable."""
        for attempt in range(_STARTS):
            zygote = self._current()
            try:
                return self._confinement(zygote)
            except ZygoteLost as loss:
                self._lost(zygote, loss, attempt)
        raise _unavailable()

    def understand(self, file: ReceivedFile, *, city: City, asked: Asked = NOTHING_ASKED) -> Understanding:
        """Read a red line and tell what was understood, as `boundary.understanding` does, but in a child of its own.

        A file that ends its child, or makes it answer nonsense, is refused. Raises ParserUnavailable only.
        """
        with self._place():
            return self._understood(file, city, asked, _Kept())

    def understand_many(self, files: Iterable[tuple[ReceivedFile, Asked]], *, city: City) -> Iterator[Understanding]:
        """Read files, with what is asked of each, and yield in their order: every core busy, few files in memory.

        A child reads up to 50 of those that are plainly survey texts: no parser written in C sees them.
        """
        waiting: deque[Future[Understanding]] = deque()
        kept: SimpleQueue[_Kept] = SimpleQueue()
        for _ in range(self._children):
            kept.put(_Kept(MOST_FILES_A_CHILD))

        def read(file: ReceivedFile, asked: Asked) -> Understanding:
            mine = kept.get()
            try:
                with self._place():
                    return self._understood(file, city, asked, mine)
            finally:
                kept.put(mine)

        with ThreadPoolExecutor(max_workers=self._children) as threads:
            try:
                for file, asked in files:
                    waiting.append(threads.submit(read, file, asked))
                    if len(waiting) >= _AHEAD * self._children:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()
                for _ in range(self._children):
                    kept.get().let_go()

    def probe(self) -> dict[str, bool]:
        """Have a child try what an attacker would; return for each attempt whether it was prevented."""
        with self._place():
            ended = self._asked(PROBE, b"", _Kept())
        if ended.answer is None:
            raise _unavailable()
        prevented: dict[str, bool] = json.loads(ended.answer)
        return prevented

    def _understood(self, file: ReceivedFile, city: City, asked: Asked, kept: _Kept) -> Understanding:
        if not is_survey_text(file):
            kept = _Kept()
        ended = self._asked(READ, encode_request(Request(file=file, city=city, asked=asked)), kept)
        source = file.source
        if ended.answer is None:
            refusal = refusal_of(ended)
            _log.error("%s of %s (sha256 %s): %s", refusal.code, file.name, source.sha256, in_words(ended))
            return Understanding(file=source, asked=asked, refusal=refusal)
        try:
            return decode_understanding(ended.answer, source=source, asked=asked)
        except Untrusted as reason:
            kept.let_go()
            _log.error("parser_answer of %s (sha256 %s): %s", file.name, source.sha256, reason)
            return Understanding(file=source, asked=asked, refusal=unbelievable())

    def _asked(self, word: bytes, question: bytes, kept: _Kept) -> Ended:
        for attempt in range(_STARTS):
            zygote = self._current()
            try:
                self._confinement(zygote)
                return kept.ask(zygote, word, question)
            except ZygoteLost as loss:
                kept.let_go()
                self._lost(zygote, loss, attempt)
        raise _unavailable()

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._waiting.acquire(blocking=False):
            raise ParserUnavailable(
                code="parser_busy", message=say("sandbox.parser_busy"), remedy=say("sandbox.parser_busy_remedy")
            )
        try:
            with self._free:
                yield
        finally:
            self._waiting.release()

    def _current(self) -> Zygote:
        with self._lock:
            if self._zygote is None:
                try:
                    self._zygote = Zygote()
                except OSError as failure:
                    _log.error("the parser cannot be started: %s", failure)
                    raise _unavailable() from failure
            return self._zygote

    def _confinement(self, zygote: Zygote) -> Confinement:
        confinement = confinement_of(zygote.told())
        missing = [
            say(f"sandbox.{name}") for name in ("without_network", "without_files") if not getattr(confinement, name)
        ]
        if self._strict and missing:
            raise ParserUnavailable(
                code="parser_not_confined",
                message=say("sandbox.parser_not_confined"),
                remedy=say("sandbox.parser_not_confined_remedy", missing="、".join(missing)),
            )
        return confinement

    def _lost(self, zygote: Zygote, loss: ZygoteLost, attempt: int) -> None:
        _log.error("the parser is lost (%s of %s): %s", attempt + 1, _STARTS, loss)
        with self._lock:
            if self._zygote is zygote:
                self._zygote = None
        zygote.close()


class _Kept:
    """A child that may be asked again, or none; it is let go of when its files are enough."""

    def __init__(self, most_files: int = 1) -> None:
        self._talk: Talk | None = None
        self._files, self._most_files = 0, most_files

    def ask(self, zygote: Zygote, word: bytes, question: bytes) -> Ended:
        if self._talk is None:
            self._talk, self._files = zygote.talk(word), 0
        ended = self._talk.ask(question, wall_s=MOST_WALL_S, most_bytes=MOST_ANSWER_BYTES)
        self._files += 1
        if self._talk.over or self._files == self._most_files:
            self.let_go()
        return ended

    def let_go(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None


def confinement_of(told: dict[str, object]) -> Confinement:
    """Return what a zygote says of its walls."""
    layers = told["layers"]
    assert isinstance(layers, list)
    return Confinement(layers=tuple(Layer(**layer) for layer in layers))


def _unavailable() -> GeoReviewError:
    return ParserUnavailable(
        code="parser_unavailable",
        message=say("sandbox.parser_unavailable"),
        remedy=say("sandbox.parser_unavailable_remedy"),
    )
