"""Cards of all generations and makers, read one by one, and handed back when they cannot be taken."""

from __future__ import annotations

from datetime import date

import pytest

from recrm.core.errors import RecrmError
from recrm.imports.columns.cards import Card, read_cards, rejects_text
from recrm.imports.columns.extracting import Extracted
from recrm.imports.columns.mapping import Mapping
from recrm.imports.files.errors import EncodingUnknown, FileUnreadable
from recrm.imports.files.vcard_file import is_vcard
from recrm.imports.people.preparing import ClientReader, Prepared
from tests.imports.crooked_cards import CROOKED, LINA, LINA_SAYS, Crooked, all_said, card


def prepared(*lines: str, version: str = "3.0") -> Prepared:
    """The one card of these lines, as the import takes it. Raises RecrmError."""
    (only,) = read_cards(card(*lines, version=version).encode()).cards
    return ClientReader(Mapping("", ()), "CN", date(2026, 11, 21), "").read(only)


def refusal(card: Card) -> str:
    """Why the card cannot be read."""
    assert isinstance(card.said, RecrmError)
    return card.said.in_full()


@pytest.mark.parametrize("crooked", CROOKED, ids=lambda crooked: crooked.called)
def test_crooked_card_is_read(crooked: Crooked) -> None:
    assert all_said(read_cards(crooked.data)) == crooked.says


@pytest.mark.parametrize("crooked", CROOKED, ids=lambda crooked: crooked.called)
def test_every_card_handed_back_says_the_same_when_it_comes_again(crooked: Crooked) -> None:
    first = read_cards(crooked.data)
    back = rejects_text((each, "It was wrong, 因为它不对。") for each in first.cards)
    again = read_cards(back)
    assert all_said(again) == crooked.says
    assert rejects_text((each, "It was wrong, 因为它不对。") for each in again.cards) == back


def test_version_and_encoding_are_told() -> None:
    both = card(*LINA, version="2.1") + card("FN:Bob", version="4.0") + card("FN:Eve", version="")
    read = read_cards(both.encode("gbk"))
    assert (read.version_label, read.encoding) == ("vCard 2.1 and 4.0", "gb18030")
    read = read_cards(card(*LINA).encode("utf-16"))
    assert (read.version_label, read.encoding) == ("vCard 3.0", "utf-16")
    assert read_cards(card(*LINA, version="").encode()).version_label == "vCard"


def test_encoding_that_is_told_is_taken() -> None:
    short = card("FN:联通").encode("gbk")  # two characters that are valid UTF-8, and something else
    assert all_said(read_cards(short, encoding="gbk")) == ("联通",)
    assert all_said(read_cards(card(*LINA).encode("utf-16-be"), encoding="utf-16")) == (LINA_SAYS,)
    quoted = card("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E", version="2.1").encode()
    assert all_said(read_cards(quoted, encoding="gbk")) == ("李",)
    (bad,) = read_cards(card(*LINA).encode("gbk"), encoding="utf-8").cards
    assert refusal(bad).startswith("This card holds text that is damaged or not UTF-8.")
    with pytest.raises(EncodingUnknown):
        read_cards(short, encoding="klingon")


def test_card_tells_the_line_it_begins_on() -> None:
    for end in ("\r\n", "\n", "\r"):
        text = end * 2 + card(*LINA, end=end) + end + card("FN:Bob", end=end)
        assert [each.line for each in read_cards(text.encode()).cards] == [3, 10]
        assert [each.said.line for each in read_cards(text.encode()).cards if isinstance(each.said, Extracted)] == [
            3,
            10,
        ]


@pytest.mark.parametrize("data", [b"", b"FN:Anna\r\n", b"BEGIN:VCARDS\r\nEND:VCARDS\r\n", b"name,phone\r\nAnna,1\r\n"])
def test_file_without_a_card_is_refused(data: bytes) -> None:
    with pytest.raises(FileUnreadable, match="no card"):
        read_cards(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk"])
def test_cards_are_known_by_their_beginning(encoding: str) -> None:
    assert is_vcard(("\r\n \r\n" + card(*LINA)).encode(encoding))
    assert not is_vcard("name,phone\r\nBEGIN:VCARD,1\r\n".encode(encoding))
    assert not is_vcard("BEGIN:VCALENDAR\r\n".encode(encoding))


def test_rejects_are_the_cards_verbatim_with_a_reason() -> None:
    text = card("TEL:138", *LINA, "NOTE:one\r\n  two", version="2.1")
    (only,) = read_cards(text.encode()).cards
    assert only.raw.decode() + "\r\n" == text
    back = rejects_text([(only, "“138” is too short\nfor a phone number.")])
    reason = "X-RECRM-REASON:“138” is too short for a phone number.\r\n"
    assert back.decode() == text.replace("END:VCARD", reason + "END:VCARD")
    (again,) = read_cards(back).cards
    assert rejects_text([(again, "Still wrong.")]).decode().count("X-RECRM-REASON") == 1
    assert again.said == only.said


def test_gbk_card_is_handed_back_as_utf8_because_alone_it_could_not_be_told() -> None:
    both = card("FN:李娜", "NOTE:看过三套房子") + card("FN:联通", "TEL:1")
    _, short = read_cards(both.encode("gbk")).cards
    assert all_said(read_cards(rejects_text([(short, "It was wrong.")]))) == ("联通 | phone 1",)


def test_card_that_was_cut_off_is_not_taken_as_complete_when_it_comes_again() -> None:
    (cut,) = read_cards(card(*LINA)[:-20].encode()).cards
    assert "cut off" in refusal(cut)
    (again,) = read_cards(rejects_text([(cut, refusal(cut))])).cards
    assert refusal(again) == refusal(cut)


def test_flood_of_lines_is_no_card_of_a_person() -> None:
    flood, bob = read_cards((card("FN:A", *["RELATED:x"] * 6000) + card("FN:Bob")).encode()).cards
    assert "5000 lines" in refusal(flood)
    assert isinstance(bob.said, Extracted)


def test_card_is_prepared_as_a_row_is() -> None:
    ready = prepared(
        "FN:娜 李", "N:李;娜;;;", "TEL;TYPE=CELL:138 0013 8000", "TEL:tel:+86-10-8888-1234;ext=12",
        "EMAIL:Lina@Example.com", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-20", "ORG:Acme", "TITLE:Nurse",
        "CATEGORIES:学区", "NOTE:看过三套", "RELATED;TYPE=spouse:王强",
    )  # fmt: skip
    assert ready.name == "李娜"
    assert ready.birthday == (None, 5, 20)
    assert [key[1] for key in ready.strong] == ["+8613800138000", "+861088881234", "lina@example.com"]
    assert ready.columns["occupation"] == "Nurse; Acme"
    assert ready.columns["family"] == "Spouse: 王强"
    assert ready.tags == ("学区",)
    assert not ready.is_company


def test_ban_comes_back_from_the_category_that_an_export_writes_it_into() -> None:
    ready = prepared("FN:Anna", "CATEGORIES:学区,do-not-contact")
    assert ready.do_not_contact
    assert ready.tags == ("学区",)
    assert not prepared("FN:Anna", "CATEGORIES:学区").do_not_contact


@pytest.mark.parametrize("lines", [("ORG:Acme",), ("FN:Acme", "KIND:org"), ("FN:A", "ORG:Acme", "X-ABShowAs:COMPANY")])
def test_company_is_a_company(lines: tuple[str, ...]) -> None:
    ready = prepared(*lines)
    assert (ready.name, ready.is_company) == ("Acme", True)


@pytest.mark.parametrize("line", ["BDAY:1990-02-31", "BDAY:2199-01-01", "TEL:12345", "TEL:00000000000", "EMAIL:nobody"])
def test_impossible_value_is_handed_back_as_a_row_would_be(line: str) -> None:
    with pytest.raises(RecrmError):
        prepared("FN:Anna", line)
