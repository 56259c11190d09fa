"""Values of our own dataclasses as JSON and blocks, by the types of their fields, and back. Believes nothing it reads.

A field of a type that is not known here is a programming error; a value that does not fit its field is `Untrusted`.
There is no pickle: whoever has taken a child over can only say what these types can say.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache

import numpy as np

from shapely.geometry import MultiPolygon

from geo_review.sandbox.blocks import BlockReader, BlockWriter, Untrusted
from geo_review.sandbox.limits import MOST_ITEMS, MOST_TEXT_CHARACTERS

_LARGEST = 2**63

Json = typing.Any  # what `json` gives and takes
Encode = Callable[[typing.Any, BlockWriter], Json]
Decode = Callable[[Json, BlockReader], typing.Any]


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Codec:
    """How the values of one type are said and heard."""

    encode: Encode
    decode: Decode


class Types:
    """The types that may cross. ``own`` gives those that are not plain fields: what both sides know already, errors."""

    def __init__(self, own: Mapping[type, Codec]) -> None:
        self._own = own
        self.of = cache(self._of)

    def _of(self, kind: typing.Any) -> Codec:
        origin, given = typing.get_origin(kind), typing.get_args(kind)
        if isinstance(kind, type) and kind in self._own:
            return self._own[kind]
        if kind in _PLAIN:
            return _PLAIN[kind]
        if origin in (typing.Union, types.UnionType) and len(given) == 2 and types.NoneType in given:
            return _optional(self.of(next(kind for kind in given if kind is not types.NoneType)))
        if origin is tuple and len(given) == 2 and given[1] is Ellipsis:
            return _sequence(self.of(given[0]), tuple)
        if origin is frozenset:
            return _sequence(self.of(given[0]), frozenset)
        if origin is np.ndarray:
            return _POINTS
        if origin in (dict, Mapping):
            assert given[0] is str
            return _mapping(self.of(given[1]))
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return _enumeration(kind)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            return self.fields(kind)
        raise TypeError(f"{kind} cannot cross")

    def fields(self, kind: type) -> Codec:
        """Return the codec of a dataclass: a list of its fields, in their order."""
        hints = typing.get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        known: list[list[Codec]] = []

        def members() -> list[Codec]:
            if not known:  # not before it is used: errors and issues hold each other
                known.append([self.of(hints[name]) for name in names])  # whole: other threads ask at the same time
            return known[0]

        def encode(value: typing.Any, blocks: BlockWriter) -> Json:
            return [codec.encode(getattr(value, name), blocks) for name, codec in zip(names, members(), strict=True)]

        def decode(said: Json, blocks: BlockReader) -> typing.Any:
            if not isinstance(said, list) or len(said) != len(names):
                raise Untrusted(f"{kind.__name__} with other fields")
            values = [codec.decode(part, blocks) for part, codec in zip(said, members(), strict=True)]
            return kind(**dict(zip(names, values, strict=True)))

        return Codec(encode=encode, decode=decode)


def _text(said: Json, blocks: BlockReader) -> str:
    if not isinstance(said, str) or len(said) > MOST_TEXT_CHARACTERS:
        raise Untrusted("no text, or a long one")
    return said


def _integer(said: Json, blocks: BlockReader) -> int:
    if type(said) is not int or not -_LARGEST < said < _LARGEST:
        raise Untrusted("no whole number, or a large one")
    return said


def _number(said: Json, blocks: BlockReader) -> float:
    if type(said) is not float or not math.isfinite(said):
        raise Untrusted("no number")
    return said


def _truth(said: Json, blocks: BlockReader) -> bool:
    if type(said) is not bool:
        raise Untrusted("neither true nor false")
    return said


def _nothing_or_blocks(take: Callable[[BlockReader], typing.Any]) -> Decode:
    def decode(said: Json, blocks: BlockReader) -> typing.Any:
        if said != 0:
            raise Untrusted("a block that is said in words")
        return take(blocks)

    return decode


def _put(put: Callable[[BlockWriter, typing.Any], None]) -> Encode:
    def encode(value: typing.Any, blocks: BlockWriter) -> Json:
        put(blocks, value)
        return 0

    return encode


def _loose(value: typing.Any, blocks: BlockWriter) -> Json:
    """A value of an issue, as its sentence shows it: a number, a truth or nothing as such, all else as text."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _loose_back(said: Json, blocks: BlockReader) -> object:
    if said is None or type(said) is bool:
        return said
    decode: Decode | None = {str: _text, int: _integer, float: _number}.get(type(said))
    if decode is None:
        raise Untrusted("a value of an issue that is none")
    return decode(said, blocks)


_POINTS = Codec(encode=_put(BlockWriter.put_points), decode=_nothing_or_blocks(BlockReader.take_points))
_PLAIN: Mapping[object, Codec] = {
    str: Codec(encode=lambda value, blocks: str(value), decode=_text),
    int: Codec(encode=lambda value, blocks: int(value), decode=_integer),
    float: Codec(encode=lambda value, blocks: float(value), decode=_number),
    bool: Codec(encode=lambda value, blocks: bool(value), decode=_truth),
    object: Codec(encode=_loose, decode=_loose_back),
    bytes: Codec(encode=_put(BlockWriter.put_bytes), decode=_nothing_or_blocks(BlockReader.take_bytes)),
    MultiPolygon: Codec(encode=_put(BlockWriter.put_land), decode=_nothing_or_blocks(BlockReader.take_land)),
}


def _optional(inner: Codec) -> Codec:
    return Codec(
        encode=lambda value, blocks: None if value is None else [inner.encode(value, blocks)],
        decode=lambda said, blocks: None if said is None else inner.decode(_items(said, 1)[0], blocks),
    )


def _sequence(inner: Codec, kind: Callable[[list[typing.Any]], typing.Any]) -> Codec:
    return Codec(
        encode=lambda value, blocks: [inner.encode(item, blocks) for item in value],
        decode=lambda said, blocks: kind([inner.decode(item, blocks) for item in _items(said)]),
    )


def _mapping(inner: Codec) -> Codec:
    def decode(said: Json, blocks: BlockReader) -> dict[str, typing.Any]:
        pairs = [_items(pair, 2) for pair in _items(said)]
        return {_text(key, blocks): inner.decode(value, blocks) for key, value in pairs}

    return Codec(
        encode=lambda value, blocks: [[str(key), inner.encode(item, blocks)] for key, item in value.items()],
        decode=decode,
    )


def _enumeration(kind: type[StrEnum]) -> Codec:
    known = {member.value: member for member in kind}

    def decode(said: Json, blocks: BlockReader) -> StrEnum:
        if not isinstance(said, str) or said not in known:
            raise Untrusted(f"no {kind.__name__}")
        return known[said]

    return Codec(encode=lambda value, blocks: value.value, decode=decode)


def _items(said: Json, count: int | None = None) -> list[Json]:
    if not isinstance(said, list) or len(said) > MOST_ITEMS or (count is not None and len(said) != count):
        raise Untrusted("no list, or a long one")
    return said
