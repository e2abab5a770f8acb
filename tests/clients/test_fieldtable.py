"""A field of clients is one line of the table: no column is left out, and each comes through every door."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from recrm.clients.edited import edited
from recrm.clients.fieldtable import (
    BY_COLUMN,
    CARD,
    FIELDS,
    FORM,
    OPTIONS,
    POINTS,
    SHEET,
    TECHNICAL,
    VCARD,
    Field,
    Kind,
    in_order,
    small,
)
from recrm.clients.model import Client
from recrm.core.i18n import use
from recrm.exports.sheet import Column
from recrm.imports.columns.headers import target_of
from tests.conftest import Shop, ShopMaker
from tests.exports.taking import export
from tests.terminal import Terminal

NAME, REFERRER = "乐怡", "老张"
POINT_VALUES = {
    "phone": "+8613800138000",
    "email": "leyi@example.com",
    "wechat": "leyi_88",
    "whatsapp": "+8613900139000",
    "qq": "10001",
    "address": "上海市徐汇区1号",
    "website": "https://example.com/leyi",
}


def typed(field: Field) -> str:
    """What is typed for a field."""
    return {
        Kind.NAME: NAME,
        Kind.PINYIN: "le yi",
        Kind.POINT: POINT_VALUES.get(field.name, f"{field.name}88"),
        Kind.TIER: "A",
        Kind.TYPES: "buyer",
        Kind.TAGS: "学区房",
        Kind.TEXT: f"a {field.name} of theirs",
        Kind.LINES: f"a {field.name} of theirs\nin two lines",
        Kind.REFERRER: REFERRER,
        Kind.DAY: "1990-05-20",
        Kind.MONEY: "1200",
        Kind.AGENT: "Mei",
    }[field.kind]


def expected(field: Field) -> Any:
    """What JSON shows of a field for which that was typed."""
    match field.kind:
        case Kind.TYPES | Kind.TAGS:
            return [typed(field)]
        case Kind.MONEY:
            return 1200
        case Kind.FLAG:
            return True
        case Kind.COMPANY:
            return "company"
    return typed(field)


def options_of(fields: list[Field]) -> list[str]:
    """The options that give each of these fields a value, as they are typed."""
    given: list[str] = []
    for field in fields:
        assert field.option
        name = field.option.names[0].partition("/")[0]
        given += [name] if field.kind in (Kind.FLAG, Kind.COMPANY) else [name, typed(field)]
    return given


def known(shown: dict[str, Any], field: Field) -> Any:
    """What JSON shows of a field."""
    if field.kind is Kind.POINT:
        return next((p["value"] for p in shown["contact_points"] if p["kind"] == field.name), None)
    return shown[field.key]


def difference(shown: dict[str, Any], fields: list[Field]) -> dict[str, tuple[Any, Any]]:
    """The fields that are not as they were typed, with what is shown and what is expected."""
    pairs = {field.name: (known(shown, field), expected(field)) for field in fields}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


TYPED = [field for field in in_order(OPTIONS) if field.option]
IN_SHEET = [field for field in TYPED if field.in_sheet]


@pytest.fixture(scope="module")
def full(make_shop: ShopMaker) -> Shop:
    """A client with something in every field, and who referred them; only read."""
    shop = make_shop()
    shop.add(REFERRER)
    shop.add(NAME, *options_of(TYPED))
    return shop


def test_every_column_of_clients_belongs_to_a_field_or_is_technical(shop: Shop) -> None:
    columns = {row[0] for row in shop.sql("SELECT name FROM pragma_table_info('clients')")}
    assert columns == {*BY_COLUMN, *TECHNICAL}
    assert not set(BY_COLUMN) & set(TECHNICAL)


def test_every_kind_of_contact_point_is_a_field(shop: Shop) -> None:
    table = shop.sql("SELECT sql FROM sqlite_master WHERE name = 'contact_points'")[0][0]
    kinds = table.partition("kind IN (")[2].partition(")")[0]
    assert [kind.strip(" '") for kind in kinds.split(",")] == list(POINTS)


def test_every_order_names_fields_that_exist_and_leaves_none_out() -> None:
    for order in (OPTIONS, FORM, CARD, SHEET, VCARD):
        assert not set(order) - {field.name for field in FIELDS}
        assert sorted(field.name for field in in_order(order)) == sorted(field.name for field in FIELDS)


def test_a_field_that_no_order_names_stands_behind_the_one_before_it() -> None:
    assert [f.name for f in in_order(("note", "name"))][:2] == ["note", "income"]
    assert [f.name for f in in_order(("note", "name"))][-1] == "avoid"


def test_add_client_keeps_every_field(full: Shop) -> None:
    assert difference(full.get("show-client", NAME), TYPED) == {}


@dataclass
class Edit:
    """What one edit changed, as history hands it over: the client's row before and after, and counts of rows."""

    rows: dict[str, int]
    before: dict[str, Any]
    after: dict[str, Any]

    def counts(self, table: str) -> dict[str, int]:
        return {}

    def first(self, table: str, limit: int) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        return [(self.before, self.after)] if table == "clients" else []

    def client(self, client_id: int | None) -> str:
        return f"{NAME} (#{client_id})"


def row(shop: Shop) -> dict[str, Any]:
    """The client's row."""
    columns = [column for (column,) in shop.sql("SELECT name FROM pragma_table_info('clients')")]
    return dict(zip(columns, shop.sql("SELECT * FROM clients WHERE name = ?", NAME)[0], strict=True))


def test_edit_client_changes_every_field_and_history_names_it(shop: Shop) -> None:
    shop.add(REFERRER)
    shop.add(NAME)
    before = row(shop)
    assert difference(shop.get("edit-client", NAME, *options_of(TYPED)), TYPED) == {}
    sentence = edited(Edit({"clients": 1, "client_types": 1, "client_tags": 1, "contact_points": 6}, before, row(shop)))
    assert shop.get("history")[0]["summary"] == sentence
    in_rows = {"type": "types", "tag": "tags"} | dict.fromkeys(POINTS, "contact points")
    labels = {in_rows.get(field.name, small(field.label)) for field in TYPED}
    assert sentence.startswith(f"Changed {NAME} (#2): ")
    assert set(sentence.removesuffix(".").partition(": ")[2].split(", ")) == labels


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": "乐天", "pinyin": "le tian", "search_key": "x"}, "Changed 乐怡 (#2): name."),
        ({"pinyin": "yue yi", "pinyin_given": 1, "search_key": "x"}, "Changed 乐怡 (#2): pinyin."),
        ({"birth_day": 21}, "Changed 乐怡 (#2): birthday."),
        ({"income_minor": 1, "currency": "EUR", "verified_at": "x"}, "Changed 乐怡 (#2): income."),
        ({"verified_at": "x"}, "Verified the profile of 乐怡 (#2)."),
    ],
)
def test_history_names_the_field_and_not_what_follows_from_it(
    full: Shop, changed: dict[str, Any], sentence: str
) -> None:
    before = row(full)
    assert edited(Edit({"clients": 1}, before, before | changed)) == sentence


def test_every_field_of_one_value_is_erased_by_an_empty_one(full: Shop, make_shop: ShopMaker) -> None:
    erasable = [f for f in TYPED if f.kind not in (Kind.POINT, Kind.TAGS, Kind.FLAG, Kind.COMPANY, Kind.PINYIN)]
    shop = make_shop()
    shop.add(REFERRER)
    shop.add(NAME, *options_of(TYPED))
    shown = shop.get("edit-client", NAME, *(text for f in erasable if f.option for text in (f.option.names[0], "")))
    assert {f.name: known(shown, f) for f in erasable if known(shown, f)} == {}


def test_a_merge_fills_every_field_that_is_blank(shop: Shop) -> None:
    shop.add(REFERRER)
    shop.add(NAME)
    shop.add(NAME, *options_of(TYPED))
    shop.ok("merge-clients", 2, 3, "--yes")
    filled = [field for field in TYPED if field.kind is not Kind.COMPANY]  # that is no blank, and goes to the note
    note = shop.get("show-client", 2)["note"]
    assert difference(shop.get("show-client", 2) | {"note": note.partition("\nMerged")[0]}, filled) == {}


def test_the_form_asks_for_every_field_that_has_a_question(shop: Shop) -> None:
    questions = [field for field in in_order(FORM) if field.question]
    with Terminal(shop, "add-client") as terminal:
        for field in questions:
            terminal.answer(field.question, typed(field).replace("\n", " "))
        assert terminal.end() == 0
    shown = shop.get("show-client", 1)
    assert {f.name: str(known(shown, f)) for f in questions} == {
        f.name: str(expected(f)).replace("\n", " ") for f in questions
    }


def test_show_client_has_every_field(full: Shop) -> None:
    card = full.ok("show-client", NAME)
    shown = {Kind.MONEY: "CNY 1,200", Kind.FLAG: "DO NOT CONTACT", Kind.COMPANY: NAME, Kind.POINT: ""}
    missing = [
        field.name
        for field in TYPED
        for line in shown.get(field.kind, typed(field) if field.kind not in shown else "").splitlines()
        if line not in card
    ]
    assert missing == []
    points = full.get("show-client", NAME)["contact_points"]
    assert [point["shown"] for point in points if point["shown"] not in card] == []


def table(file: Path) -> list[dict[str, str]]:
    """The rows of an exported sheet, by heading."""
    if file.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    from openpyxl import load_workbook

    header, *rows = load_workbook(file)["Clients"].iter_rows(values_only=True)
    return [{str(name): str(cell or "") for name, cell in zip(header, row, strict=True)} for row in rows]


@pytest.mark.parametrize("file", ["clients.csv", "clients.xlsx"])
def test_a_sheet_has_every_field_and_an_import_reads_it_back(full: Shop, shop: Shop, file: str) -> None:
    exported = export(full, file)
    row = next(row for row in table(exported) if row["Name"] == NAME)
    assert [
        field.name for field in FIELDS if field.in_sheet and field.kind is not Kind.POINT and not row[field.label]
    ] == []
    shop.ok("import", exported, "--yes")
    assert difference(shop.get("show-client", NAME), IN_SHEET) == {}


@pytest.mark.parametrize("file", ["clients.vcf", "clients.vcf3"])
def test_a_card_has_every_field_with_a_property_and_an_import_reads_it_back(full: Shop, shop: Shop, file: str) -> None:
    exported = full.folder / file.replace("vcf3", "vcf")
    full.ok("export", exported, "--format", file.partition(".")[2], "--force")
    in_card = [field for field in FIELDS if field.vcard]
    text = exported.read_text("utf-8").replace("\r\n ", "")
    assert [
        f.name for f in in_card if f.kind is not Kind.POINT and f"\r\n{f.vcard}" not in text.replace("\n", "\r\n")
    ] == []
    shop.ok("import", exported, "--yes")
    shown = shop.get("show-client", NAME)
    wanted = [field for field in in_card if field.option and field.kind is not Kind.TAGS]
    assert difference(shown, wanted) == {}
    assert "学区房" in shown["tags"]


def test_a_full_export_holds_every_column_and_an_import_reads_it_back(full: Shop, shop: Shop) -> None:
    exported = export(full, "all.json")
    shop.ok("import", exported, "--yes")
    assert export(shop, "again.json").read_bytes() == exported.read_bytes()
    assert difference(shop.get("show-client", NAME), TYPED) == {}
    empty = [c for c in BY_COLUMN if full.sql(f"SELECT {c} FROM clients WHERE name = ?", NAME)[0][0] in (None, "")]
    assert empty == ["archived_at"]


def test_every_attribute_of_a_client_is_stored_somewhere(full: Shop) -> None:
    beside = {"id", "tier_set_at", "referrer_id", "last_contact_at", "points", "more"}
    assert set(Client.__slots__) - beside <= {field.key for field in FIELDS}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_import_knows_the_headings_of_an_export_in_every_language(language: str) -> None:
    use(language)
    try:
        headings = {field.name: Column(field).header for field in FIELDS if field.in_sheet}
    finally:
        use("en")
    found = {name: target.field if (target := target_of(heading)) else None for name, heading in headings.items()}
    assert found == {name: name for name in headings}
