"""Files in a process of their own: questions in, answers out, the end. Trusts the questions, not the files."""

from __future__ import annotations

import os
import time
import traceback
from functools import partial

from geo_review.boundary.understanding import understand
from geo_review.boundary.understood import Understanding
from geo_review.errors import TooLarge
from geo_review.sandbox.limits import (
    ENOUGH_CPU_S,
    MOST_ANSWER_BYTES,
    MOST_FAULT_CHARACTERS,
    MOST_PARCELS,
    MOST_REQUEST_BYTES,
)
from geo_review.sandbox.probe import probe
from geo_review.sandbox.stream import ANSWER, FAULT, LAST_ANSWER, receive, send
from geo_review.sandbox.wire import Request, decode_request, encode_understanding
from geo_review.sandbox.words import OUT_OF_MEMORY, PROBE
from geo_review.wording import say


def serve(talk: int, word: bytes) -> int:
    """Answer what is asked over a stream, until nobody asks any more or much time has been used; return the status."""
    write, read = partial(os.write, talk), partial(os.read, talk)
    try:
        kind = ANSWER
        while kind == ANSWER:
            try:
                question = receive(read, MOST_REQUEST_BYTES)[1]
            except EOFError:
                return 0
            answer = probe() if word == PROBE else _answer(decode_request(question))
            # The limit of CPU time is of the process: the next file must not pay for this one.
            kind = ANSWER if time.process_time() < ENOUGH_CPU_S else LAST_ANSWER
            send(write, kind, answer)
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception:  # noqa: BLE001 a fault of a reader: told to the operator, and to the user as a refusal
        send(write, FAULT, traceback.format_exc()[-MOST_FAULT_CHARACTERS:].encode(errors="replace"))
    return 0


def _answer(request: Request) -> bytes:
    seen = understand(request.file, city=request.city, asked=request.asked)
    if len(seen.parcels) > MOST_PARCELS:
        return encode_understanding(_too_large(request, seen))
    answer = encode_understanding(seen)
    return answer if len(answer) <= MOST_ANSWER_BYTES else encode_understanding(_too_large(request, seen))


def _too_large(request: Request, seen: Understanding) -> Understanding:
    refusal = TooLarge(
        code="too_many_parcels",
        message=say("sandbox.too_many_parcels", count=len(seen.parcels), most=MOST_PARCELS),
        remedy=say("files.too_large_remedy"),
    )
    return Understanding(file=request.file.source, asked=request.asked, format=seen.format, refusal=refusal)
