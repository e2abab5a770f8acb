"""Whatever text is written into a card can be read again, and whatever bytes come, the answer is cards or an error."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from recrm.core.errors import RecrmError, UsageError
from recrm.core.text import clean_text
from recrm.imports.columns.card_properties import NotAClient
from recrm.imports.columns.cards import read_cards, rejects_text
from recrm.imports.columns.extracting import Extracted
from recrm.imports.columns.values import clean, is_summary
from recrm.imports.files.vcard_file import is_vcard
from recrm.imports.files.vcard_lines import Property, content_lines
from tests.imports.crooked_cards import CROOKED

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
# What decides how a file is read, in any order.
WORDS = rb"""BEGIN:VCARD END:VCARD : ; = " \ \n AGENT: VERSION:2.1 VERSION:4.0 FN N: TEL item1. X-ABLabel:
    ENCODING= BASE64 QUOTED-PRINTABLE CHARSET= GBK UTF-16 hex idna =E6=9D ORG: ADR: PHOTO; PREF=1 TYPE= KIND:group BDAY:
    X-ANDROID-CUSTOM:vnd/relation; IMPP: RELATED: tel:1;ext= CALSCALE=chinese X-RECRM-TIER: LABEL="a:b" """
PIECES = st.sampled_from(
    [*WORDS.split(), *["李".encode(), b"\r\n", b"\n", b"\r", b" ", b"\t", b"\xff", b"\0", b"\xef\xbb\xbf", b"\xc0\xee"]]
)
MARK = re.compile(rb"(?:\A|(?<=[\r\n]))(?:\xef\xbb\xbf)?(BEGIN|END):VCARD(?=[\r\n]|\Z)")


def escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return re.sub(r"\r\n|[\r\n]", r"\\n", text)


def folded(line: str, width: int) -> bytes:
    """Folded by bytes, in the middle of a character if need be."""
    data = line.encode()
    return b"\r\n ".join(data[place : place + width] for place in range(0, len(data), width))


def kept(text: str) -> str:
    """What a card's text becomes: as in a sheet's cell, but that an apostrophe at its beginning is its own."""
    return clean_text(text.strip()).strip() if text.strip().startswith("'") else clean(text)


@settings(max_examples=300, deadline=None)
@example(note="", name="'0", width=75, version="3.0")
@example(note="", name="COUNT", width=10, version="3.0")
@given(note=ANY_TEXT, name=ANY_TEXT, width=st.integers(10, 75), version=st.sampled_from(["3.0", "4.0"]))
def test_text_comes_back_however_it_was_folded(note: str, name: str, width: int, version: str) -> None:
    lines = [folded(f"FN:{escaped(name)}", width), folded(f"NOTE:{escaped(note)}", width)]
    head = f"BEGIN:VCARD\r\nVERSION:{version}".encode()
    (only,) = read_cards(b"\r\n".join([head, *lines, b"END:VCARD"])).cards
    if isinstance(only.said, NotAClient):
        assert not kept(name)
        assert not kept(note)
        return
    if isinstance(only.said, UsageError):
        assert is_summary([kept(" ".join(name.split())), kept(note)])
        return
    assert isinstance(only.said, Extracted)
    assert only.said.name == kept(" ".join(name.split()))
    assert "\n".join(only.said.notes) == kept(re.sub(r"\r\n|\r", "\n", note))


@given(st.lists(ANY_TEXT, min_size=1, max_size=5), st.sampled_from(";,"))
def test_pieces_come_back(texts: list[str], separator: str) -> None:
    (line,) = content_lines(f"N:{separator.join(map(escaped, texts))}".encode(), is_old=False)
    pieces = Property(line[0], line[1].decode(), is_old=False).pieces(separator)
    assert "".join(pieces[len(texts) :]) == ""
    assert pieces[: len(texts)] == [re.sub(r"\r\n|\r", "\n", text) for text in texts]


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=4), max_size=40).map(b"".join), st.sampled_from([None, "gbk", "utf-16"]))
def test_any_bytes_are_cards_or_an_error(data: bytes, encoding: str | None) -> None:
    is_vcard(data)
    try:
        read = read_cards(data, encoding=encoding)
    except RecrmError:
        return
    for each in read.cards:
        assert isinstance(each.said, Extracted) or each.said.what()
    again = read_cards(rejects_text((each, "why") for each in read.cards), encoding=None)
    assert len(again.cards) <= len(read.cards)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([case.data for case in CROOKED if b"\0" not in case.data]), max_size=4), st.data())
def test_no_card_is_lost_whatever_stands_around_it(files: list[bytes], data: st.DataObject) -> None:
    text = b"\r\n".join(files)
    if text:
        place = data.draw(st.integers(0, len(text) - 1))
        text = text[:place] + data.draw(st.binary(max_size=2)) + text[place + 1 :]
    try:
        cards = read_cards(text).cards
    except RecrmError:
        cards = []
    within = sum(b"BEGIN:VCARD" in each.raw.splitlines()[1:] for each in cards)  # an assistant's
    begins = [mark[1] for mark in MARK.finditer(text)].count(b"BEGIN")
    assert sum(each.raw.upper().lstrip().startswith(b"BEGIN") for each in cards) >= begins - within
