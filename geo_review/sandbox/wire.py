"""What goes to a child and what comes back, as bytes. Trusts nothing that comes back; opens no connection.

A message is a head (sizes), a header of JSON, and blocks of raw numbers; see `typed_fields` and `blocks`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo_review.boundary.asked import Asked
from geo_review.boundary.model import SourceFile
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.refusal import FaultyBoundary
from geo_review.boundary.understood import Understanding
from geo_review.city import City
from geo_review.errors import (
    ChoiceNeeded,
    GeoReviewError,
    InvalidBoundary,
    InvalidOption,
    RefusedInput,
    TooLarge,
    UnknownCrs,
    UnreadableBoundary,
)
from geo_review.sandbox.blocks import BlockReader, BlockWriter, Untrusted
from geo_review.sandbox.limits import MOST_BLOCKS, MOST_HEADER_BYTES, MOST_PARCELS, MOST_POINTS
from geo_review.sandbox.typed_fields import Codec, Json, Types

# What a reading may be refused with. Anything else is a fault of the reader.
REFUSALS: Mapping[str, type[GeoReviewError]] = {
    kind.__name__: kind
    for kind in (
        RefusedInput,
        UnreadableBoundary,
        ChoiceNeeded,
        UnknownCrs,
        InvalidBoundary,
        FaultyBoundary,
        InvalidOption,
        TooLarge,
    )
}

_HEAD = struct.Struct("<II")  # bytes of the header, number of blocks
_SIZE = np.dtype("<u8")


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a child is asked."""

    file: ReceivedFile
    city: City
    asked: Asked


def encode_request(request: Request) -> bytes:
    """Return a request as bytes."""
    return _encoded(_ASKING.of(Request), request)


def decode_request(message: bytes | bytearray) -> Request:
    """Return the request of a message of our own process."""
    request = _decoded(_ASKING.of(Request), message, {})
    assert isinstance(request, Request)
    return request


def encode_understanding(understanding: Understanding) -> bytes:
    """Return an understanding as bytes, without what the asker knows already: the file's digests, what was asked."""
    return _encoded(_ANSWERING.of(Understanding), understanding)


def decode_understanding(message: bytes | bytearray, *, source: SourceFile, asked: Asked) -> Understanding:
    """Return the understanding of a message that a child sent; `Untrusted` when anything about it is wrong."""
    try:
        seen = _decoded(_ANSWERING.of(Understanding), message, {SourceFile: source, Asked: asked})
        assert isinstance(seen, Understanding)
        _check(seen)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as failure:
        raise Untrusted(f"{type(failure).__name__}: {failure}") from failure
    return seen


def _check(seen: Understanding) -> None:
    if (seen.boundary is None) == (seen.refusal is None):
        raise Untrusted("neither taken nor refused, or both")
    if len(seen.parcels) > MOST_PARCELS or (seen.boundary and len(seen.boundary.parcels) > MOST_PARCELS):
        raise Untrusted("too many parcels")
    points = 0
    for parcel in seen.parcels:
        for ring in parcel.rings:
            lonlat, names = ring.lonlat, ring.point_names
            points += ring.points
            if ring.points < 0 or (lonlat is not None and len(lonlat) != ring.points):
                raise Untrusted("a ring with another number of points")
            if names is not None and len(names) != ring.points:
                raise Untrusted("a ring with another number of names")
    if points > MOST_POINTS and seen.boundary is not None:
        raise Untrusted("too many points")
    refused = seen.refusal.issues if isinstance(seen.refusal, FaultyBoundary) else ()
    taken = seen.boundary.issues if seen.boundary else ()
    said = {id(issue): issue for issues in (seen.issues, refused, taken) for issue in issues}
    for issue in said.values():
        issue.message  # noqa: B018 a code or a value that no sentence can be made of raises here, not on a page


def _encoded(codec: Codec, value: object) -> bytes:
    writer = BlockWriter()
    header = json.dumps(codec.encode(value, writer), ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()
    sizes = np.array([len(block) for block in writer.blocks], dtype=_SIZE).tobytes()
    return b"".join([_HEAD.pack(len(header), len(writer.blocks)), sizes, header, *writer.blocks])


def _decoded(codec: Codec, message: bytes | bytearray, known: Mapping[type, object]) -> Any:
    whole = memoryview(message)
    if len(whole) < _HEAD.size:
        raise Untrusted("no head")
    header_bytes, count = _HEAD.unpack_from(whole)
    start = _HEAD.size + 8 * count
    if header_bytes > MOST_HEADER_BYTES or count > MOST_BLOCKS or len(whole) < start + header_bytes:
        raise Untrusted("a head that does not fit")
    sizes = np.frombuffer(whole, dtype=_SIZE, count=count, offset=_HEAD.size).tolist()
    if start + header_bytes + sum(sizes) != len(whole):
        raise Untrusted("blocks that do not add up")
    header = json.loads(bytes(whole[start : start + header_bytes]), parse_constant=_no_constant)
    blocks, position = [], start + header_bytes
    for size in sizes:
        blocks.append(whole[position : position + size])
        position += size
    reader = BlockReader(blocks, known)
    value = codec.decode(header, reader)
    reader.finish()
    return value


def _no_constant(name: str) -> None:
    raise Untrusted(f"{name} is no JSON")


def _known(kind: type) -> Codec:
    def decode(said: Json, blocks: BlockReader) -> object:
        if said != 0:
            raise Untrusted(f"a {kind.__name__} that nobody asked for")
        return blocks.known[kind]

    return Codec(encode=lambda value, blocks: 0, decode=decode)


def _refusal() -> Codec:
    def encode(value: GeoReviewError, blocks: BlockWriter) -> Json:
        name = type(value).__name__
        return [name, _ANSWERING.fields(REFUSALS[name]).encode(value, blocks)]

    def decode(said: Json, blocks: BlockReader) -> GeoReviewError:
        if not isinstance(said, list) or len(said) != 2 or said[0] not in REFUSALS:
            raise Untrusted("a refusal of no known kind")
        refusal = _ANSWERING.fields(REFUSALS[said[0]]).decode(said[1], blocks)
        assert isinstance(refusal, GeoReviewError)
        if not refusal.code.isidentifier() or not refusal.code.isascii() or len(refusal.code) > 64:
            raise Untrusted("a refusal without a code")
        return refusal

    return Codec(encode=encode, decode=decode)


_ASKING = Types({})
_ANSWERING = Types({SourceFile: _known(SourceFile), Asked: _known(Asked), GeoReviewError: _refusal()})
