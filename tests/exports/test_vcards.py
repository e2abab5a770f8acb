"""vCards, read again by parsers that are not recrm's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.parser import Contentlines

from recrm.clients.surnames import split_name
from recrm.exports.lines import LONGEST, line, text
from tests.conftest import Shop
from tests.exports.taking import HOSTILE, add_called, export

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def cards(file: Path) -> list[Any]:
    """As vobject reads them; it knows the grammar of both versions."""
    return list(vobject.readComponents(file.read_bytes().decode()))


def values(card: Any, name: str) -> list[Any]:
    return [each.value for each in card.contents.get(name, [])]


@pytest.mark.parametrize(("version", "words"), [("4.0", ()), ("3.0", ("--format", "vcf3"))])
def test_another_program_reads_every_value(furnished: Shop, version: str, words: tuple[str, ...]) -> None:
    lina, bob, wangli, company = cards(export(furnished, "clients.vcf", *words))
    assert values(lina, "version") == [version]
    assert values(lina, "fn") == ["李娜"]
    assert (lina.n.value.family, lina.n.value.given) == ("李", "娜")
    assert (bob.n.value.family, bob.n.value.given) == ("", "Bob Smith")
    assert values(lina, "tel") == ["+86 138 0013 8000", "+86 10 8888 1234 ext. 5"]
    assert lina.tel.params["TYPE"][0].lower() == "cell"
    assert values(lina, "email") == ["lina@example.com"]
    assert lina.adr.value.street == "北京朝阳, 1号; 二单元"
    assert values(lina, "impp") == ["wechat:lina_88", "whatsapp:+8613800138000", "qq:12345678"]
    assert (values(lina, "x-wechat"), values(lina, "x-qq")) == (["lina_88"], ["12345678"])
    assert values(lina, "title") == ["teacher"]
    assert values(lina, "note") == ['=not a formula\n第二行, with; signs \\ and "quotes"']
    assert set(lina.categories.value) == {"urgent", "a;b", "starred"}
    assert wangli.categories.value == ["do-not-contact"]
    assert values(company, "fn") == ["万科地产"]
    assert company.org.value == ["万科地产"]


def test_birthdays_of_either_version_say_when_the_year_is_not_known(furnished: Shop) -> None:
    lina, bob, *_ = cards(export(furnished, "4.vcf"))
    assert (lina.bday.value, bob.bday.value) == ("--0520", "19920229")
    lina, bob, *_ = cards(export(furnished, "3.vcf", "--format", "vcf3"))
    assert (lina.bday.value, lina.bday.params["X-APPLE-OMIT-YEAR"]) == ("1604-05-20", ["1604"])
    assert bob.bday.value == "1992-02-29"


def test_a_company_is_one_in_either_version(furnished: Shop) -> None:
    assert values(cards(export(furnished, "4.vcf"))[3], "kind") == ["org"]
    assert values(cards(export(furnished, "3.vcf", "--format", "vcf3"))[3], "x-abshowas") == ["COMPANY"]


def test_every_card_keeps_its_name_for_good(furnished: Shop, shop: Shop) -> None:
    before = [card.uid.value for card in cards(export(furnished, "a.vcf"))]
    furnished.ok("edit-client", 1, "--note", "moved")
    furnished.ok("tag", 1, "vip")
    assert [card.uid.value for card in cards(export(furnished, "b.vcf"))] == before
    assert len(set(before)) == 4
    shop.ok("import", export(furnished, "whole.json"), "--yes")
    assert [card.uid.value for card in cards(export(shop, "c.vcf"))] == before


def test_lines_are_short_whole_characters_and_end_as_they_should(shop: Shop) -> None:
    for number, words in enumerate(HOSTILE):
        add_called(shop, words, f"--phone=1380013{8000 + number}", f"--note={words * 3}\n{words}", f"--address={words}")
    for name in ("clients.vcf", "3.vcf"):
        data = export(shop, name, *(["--format", "vcf3"] if name == "3.vcf" else [])).read_bytes()
        assert data.endswith(b"END:VCARD\r\n")
        assert b"\n" not in data.replace(b"\r\n", b"")
        for each in data.split(b"\r\n"):
            assert len(each) <= 75
            each.decode()
        for card, words in zip(cards(shop.folder / name), HOSTILE, strict=True):
            assert card.fn.value == words
            assert card.note.value == f"{words * 3}\n{words}"
            assert card.adr.value.street == words


@settings(deadline=None)
@given(st.text(max_size=300))
def test_folded_lines_unfold_to_what_they_were(words: str) -> None:
    said = "".join(character for character in words if character.isprintable() or character == "\n")
    folded = line("NOTE", text(said)).decode()
    assert all(len(each.encode()) <= LONGEST for each in folded.split("\r\n"))
    # icalendar's reader of content lines knows nothing of ours.
    (content,) = (each for each in Contentlines.from_ical(folded) if each)  # type: ignore[no-untyped-call]
    assert str(content) == f"NOTE:{text(said)}"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("李娜", ("李", "娜")),
        ("王小明", ("王", "小明")),
        ("欧阳娜娜", ("欧阳", "娜娜")),
        ("诸葛亮", ("诸葛", "亮")),
        ("王先生", ("", "王先生")),
        ("张总", ("", "张总")),
        ("王", ("", "王")),
        ("李娜娜娜", ("", "李娜娜娜")),
        ("小王", ("", "小王")),
        ("玛丽·安娜", ("", "玛丽·安娜")),
        ("Bob Smith", ("", "Bob Smith")),
        ("王Anna", ("", "王Anna")),
    ],
)
def test_a_surname_is_named_only_where_it_is_sure(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts
    assert "".join(parts) == name


def test_recrm_s_own_import_brings_a_card_back(furnished: Shop, shop: Shop) -> None:
    pytest.importorskip("recrm.imports.client_files", reason="vCards are not read yet")
    answer = shop.get("import", export(furnished, "clients.vcf"), "--yes")
    assert (answer["added"], answer["rejected"]) == (4, 0)
    for number in (1, 2, 4):
        there, here = furnished.get("show-client", number), shop.get("show-client", number)
        for key in ("name", "kind", "birthday", "occupation", "note", "phone", "email", "wechat"):
            assert here[key] == there[key], key
