"""Cleaning, folding, searching and measuring text, against crooked input and against SQLite itself."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from recrm.core.text import (
    MARKS_IN_A_ROW,
    clean_line,
    clean_text,
    display_width,
    fold,
    match_phrases,
    shorten,
    spaced,
)

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\x1b[]m;\x07\\\x9b\x9d\r\n\t \u2028\u202e\u200d\u200c\u0301\u0327\ufe0f\ud800\ufffe\U000e0067"
        ),
    )
)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Anna   de\tVries\n", "Anna de Vries"),
        ("Bob [/] Smith", "Bob [/] Smith"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("a\x1b]52;c;cm0gLXJm\x07b", "ab"),
        ("a\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("a\x1bP+q544e\x1b\\b", "ab"),
        ("a\x1b(Bb\x1bcd", "abd"),
        ("a\x1b\x1b[31m[31mb", "a[31mb"),
        ("a\x00\x08\x7f\x85b", "a b"),
        ("\u202eAnna\u202c \u2066x\u2069\u200e\u200f\u061c", "Anna x"),
        ("\ufeff李\u200b娜\ud800\ufffe\ufdd0\U0001ffff", "李娜"),
        ("李\u3000娜\u00a0\u2028Anna", "李 娜 Anna"),
        ("Rene\u0301", "Ren\u00e9"),
        (FAMILY + "\u2764\ufe0f", FAMILY + "\u2764\ufe0f"),
        (ENGLAND, ENGLAND),
        ("a\U000e0068\U000e0069b", "ab"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\u200d Anna \u200c", "Anna"),
        ("\ue000 private \U0001f9cc", "\ue000 private \U0001f9cc"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("", ""),
    ],
)
def test_a_line_is_cleaned(raw: str, clean: str) -> None:
    assert clean_line(raw) == clean


def test_piled_up_marks_are_cut_in_every_script() -> None:
    for base, mark in (("z", "\u0353"), ("\u0e2a", "\u0e47"), ("q", "\u200d\u0353")):
        assert clean_line(base + mark * 100 + "!") == (base + mark * 100)[: 1 + MARKS_IN_A_ROW] + "!"


def test_marks_of_real_languages_stay() -> None:
    for word in ("हिन्दी", "ကြွှေ့", "བསྒྲུབས", "שָׁלוֹם", "Việt"):
        assert clean_line(word) == unicodedata.normalize("NFC", word)


def test_a_text_keeps_its_lines_and_shape() -> None:
    raw = "\r\n\n- two rooms  \r\n  - near\tmetro\u3000x\rbudget   5m\u2028\x1b[31mred\n\n\n"
    assert clean_text(raw) == "- two rooms\n  - near metro x\nbudget   5m\nred"


@given(HOSTILE)
def test_cleaning_leaves_nothing_dangerous_and_is_idempotent(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = clean(text)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert {unicodedata.category(char) for char in once.replace("\n", "")}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
        assert set(once).isdisjoint("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff")
        once.encode()
    assert "\n" not in clean_line(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Müller  STRASSE straße", "muller strasse strasse"),
        ("Øre Łódź Đặng Ænima", "ore lodz dang aenima"),
        ("İstanbul ısı", "istanbul isi"),
        ("Ёлка", "елка"),
        ("ＡＢＣ　１２３ ｶﾞ", "abc 123 ガ"),
        ("が か 한국", "が か 한국"),
        ("李娜 長孫", "李娜 長孫"),
        ("e\u0301\u200d\ufe0f", "e"),
        ("89㎡", "89m2"),
    ],
)
def test_folding_forgets_case_width_and_accents_but_no_chinese(text: str, key: str) -> None:
    assert fold(text) == key


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert spaced(spaced(text)) == spaced(text)


@pytest.mark.parametrize(
    ("query", "phrases"),
    [
        ("flo", '"flo"*'),
        ("floor plan", '"floor" "plan"*'),
        ("学区房，地铁", '"学 区 房" "地 铁"'),
        ("地铁 Flo", '"地 铁" "flo"*'),
        ("flo 地铁", '"flo" "地 铁"'),
        ("买房anna", '"买 房 anna"*'),
        ("138-0013", '"138-0013"*'),
        ('say "no" NOT x*', '"say" "no" "not" "x"*'),
        ('"-。！…()', ""),
        ("", ""),
        ("\x00", ""),
    ],
)
def test_a_query_becomes_phrases(query: str, phrases: str) -> None:
    assert match_phrases(query) == phrases


@pytest.fixture(scope="module")
def notes() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE VIRTUAL TABLE notes USING fts5(body, tokenize = 'unicode61 remove_diacritics 0')")
    yield conn
    conn.close()


def found(conn: sqlite3.Connection, body: str, query: str) -> bool:
    conn.execute("DELETE FROM notes")
    conn.execute("INSERT INTO notes VALUES (?)", (spaced(body),))
    return bool(conn.execute("SELECT 1 FROM notes WHERE notes MATCH ?", (match_phrases(query),)).fetchall())


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\"'*()-:^+{}\x00 AND李"))))
def test_no_text_is_a_syntax_error(notes: sqlite3.Connection, query: str) -> None:
    if match_phrases(query):
        found(notes, "anything", query)


def test_a_query_of_a_thousand_words_is_answered(notes: sqlite3.Connection) -> None:
    words = " ".join(f"w{number}" for number in range(1000))
    assert found(notes, words, words)


@given(
    st.data(),
    st.text("李娜想买三室两厅靠近地铁学校𠮷鿍𫝀かガ한", min_size=1),
    st.sampled_from(["", "A-1 Straße ", "，"]),
)
def test_any_part_of_chinese_text_is_found(
    notes: sqlite3.Connection, data: st.DataObject, body: str, ahead: str
) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    assert found(notes, ahead + body + "，ok", body[start:end])


def test_words_are_found_by_their_beginning_without_accents(notes: sqlite3.Connection) -> None:
    assert found(notes, "Send the Floor-plan to Müller: 89㎡", "floor-pl")
    assert found(notes, "Send the Floor-plan to Müller: 89㎡", "89m2 MULL")
    assert not found(notes, "Send the floor plan", "loor")


@pytest.mark.parametrize(
    "text",
    [
        *("Anna", "李娜", "Ren\u00e9e\u0301", "한\u1112\u1161\u11ab", "ｶﾞ", "Ａ", "हिन्दी", ""),
        *(FAMILY, ENGLAND, "\U0001f1e8\U0001f1f3", "\u2764\ufe0f", "1\ufe0f\u20e3", "\U0001f44d\U0001f3fd"),
    ],
)
def test_widths_are_those_of_rich(text: str) -> None:
    assert display_width(text) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("Anna de Vries", 20, "Anna de Vries"),
        ("Anna de Vries", 6, "Anna…"),
        ("李娜娜", 6, "李娜娜"),
        ("李娜娜", 5, "李娜…"),
        ("李娜娜", 4, "李…"),
        ("李娜娜", 1, "…"),
        ("李娜娜", 0, ""),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        (FAMILY + "李娜", 4, FAMILY + "…"),
        ("\U0001f1e8\U0001f1f3\U0001f1e8\U0001f1f3", 3, "\U0001f1e8\U0001f1f3…"),
    ],
)
def test_text_is_shortened_to_columns(text: str, width: int, short: str) -> None:
    assert shorten(text, width) == short


@given(st.text(), st.integers(0, 30))
def test_shortened_text_fits(text: str, width: int) -> None:
    assert display_width(shorten(text, width)) <= width
