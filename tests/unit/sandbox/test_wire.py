"""What crosses between a child and its asker: the same on both sides; a torn answer is not believed."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from geo_review.boundary.asked import Asked
from geo_review.boundary.received import ReceivedFile
from geo_review.boundary.understanding import understand
from geo_review.boundary.understood import Understanding
from geo_review.city import PUYANG
from geo_review.errors import ClusterUnavailable
from geo_review.report.understanding_document import understanding_document
from geo_review.sandbox import wire
from geo_review.sandbox.blocks import Untrusted
from geo_review.sandbox.wire import (
    Request,
    decode_request,
    decode_understanding,
    encode_request,
    encode_understanding,
)
from tests.unit.report.understood_files import bow_tie, survey_text, two_members, with_hole

FILES = {
    "two parcels": ("a.txt", survey_text((0, 0), (300, 0)), Asked()),
    "a hole with an island": ("a.geojson", with_hole(), Asked()),
    "refused, with places": ("a.geojson", bow_tie(), Asked()),
    "a choice": ("a.zip", two_members(), Asked()),
    "one that was chosen": ("a.zip", two_members(), Asked(layer="东.geojson")),
    "one parcel of two": ("a.txt", survey_text((0, 0), (300, 0)), Asked(parcels=(2,))),
    "no zone": ("a.txt", survey_text(zone=""), Asked()),
    "no such parcel": ("a.txt", survey_text(), Asked(parcels=(9,))),
    "nothing": ("a.txt", b"", Asked()),
}


def seen_of(case: str) -> Understanding:
    name, content, asked = FILES[case]
    return understand(ReceivedFile(name=name, content=content), city=PUYANG, asked=asked)


@pytest.mark.parametrize("case", FILES)
def test_what_was_understood_is_the_same_on_the_other_side(case: str) -> None:
    seen = seen_of(case)
    heard = decode_understanding(encode_understanding(seen), source=seen.file, asked=seen.asked)
    assert understanding_document(heard) == understanding_document(seen)
    if seen.boundary is not None:
        assert heard.accepted().geometry.wkb == seen.accepted().geometry.wkb
    if seen.refusal is not None:
        assert (type(heard.refusal), heard.refusal) == (type(seen.refusal), seen.refusal)


def test_a_question_arrives_byte_for_byte_with_what_stands_beside_it() -> None:
    file = ReceivedFile(name="红线.shp", content=bytes(range(256)), companions={".dbf": b"\0\xff", ".prj": b""})
    asked = Asked(epsg=4547, layer="红 线", parcels=(1, 3), accept=frozenset({"spike"}))
    question = Request(file=file, city=PUYANG, asked=asked)
    assert decode_request(encode_request(question)) == question


@pytest.mark.parametrize("case", ["two parcels", "refused, with places", "a choice"])
def test_a_torn_answer_is_believed_as_a_whole_or_not_at_all(case: str) -> None:
    seen = seen_of(case)
    sound = encode_understanding(seen)
    chance, untrusted = random.Random(case), 0
    for _ in range(400):
        torn = bytearray(sound)
        for _ in range(chance.randint(1, 4)):
            torn[chance.randrange(len(torn))] = chance.randrange(256)
        if chance.random() < 0.2:
            del torn[chance.randrange(len(torn)) :]
        try:
            heard = decode_understanding(torn, source=seen.file, asked=seen.asked)
        except Untrusted:
            untrusted += 1
        else:  # another number or another word: nothing that a document could not be made of
            assert (heard.boundary is None) != (heard.refusal is None)
            understanding_document(heard)
    assert untrusted > 100


@pytest.mark.parametrize(
    ("why", "said", "instead"),
    [
        ("a number that is none", b'"a.txt"', b"NaN"),
        ("an error that no reader raises", b'"UnknownCrs"', b'"SystemExit"'),
        ("a refusal of the store", b'"UnknownCrs"', b'"UnknownProject"'),
        ("a code that is no word", b'"unknown_crs"', b'"unknown/crs"'),
    ],
)
def test_an_answer_that_no_reader_gives_is_not_believed(why: str, said: bytes, instead: bytes) -> None:
    seen = seen_of("no zone")
    sound = encode_understanding(seen)
    head, blocks = wire._HEAD.unpack_from(sound)
    if said not in sound:  # the name of the file does not cross: any text will do
        said = b'"txt"'
    assert said in sound, why
    torn = sound.replace(said, instead, 1)
    grown = wire._HEAD.pack(head + len(instead) - len(said), blocks) + torn[wire._HEAD.size :]
    with pytest.raises(Untrusted):
        decode_understanding(grown, source=seen.file, asked=seen.asked)


def test_an_error_that_is_no_refusal_does_not_cross() -> None:
    seen = seen_of("no zone")
    foreign = Understanding(file=seen.file, asked=seen.asked, refusal=ClusterUnavailable(code="a", message="b"))
    with pytest.raises(KeyError):
        encode_understanding(foreign)


def test_several_threads_may_be_the_first_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept of a type before it is known as a whole: one thread may see what another has begun."""
    question = Request(file=ReceivedFile(name="a.txt", content=b"a"), city=PUYANG, asked=Asked())
    expected = encode_request(question)
    for _ in range(30):
        monkeypatch.setattr(wire, "_ASKING", wire.Types({}))
        start = Barrier(8)

        def ask(start: Barrier = start) -> bytes:
            start.wait()
            return encode_request(question)

        with ThreadPoolExecutor(max_workers=8) as threads:
            asked = [threads.submit(ask) for _ in range(8)]
        assert {one.result() for one in asked} == {expected}
