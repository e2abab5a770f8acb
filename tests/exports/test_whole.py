"""Everything as JSON: exact, and taken in again exactly, or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recrm.imports.files.errors import FileUnreadable
from recrm.imports.files.json_stream import Reader, read
from tests.conftest import Shop, ShopMaker
from tests.exports.taking import export, tables
from tests.storage.kit import ram_shop

Document = dict[str, Any]


def rewritten(file: Path, change: Callable[[Document], object], **layout: Any) -> Path:
    """The export with something changed, as a file of its own."""
    document = json.loads(file.read_text("utf-8"))
    change(document)
    other = file.with_name("changed.json")
    other.write_text(json.dumps(document, **layout), "utf-8")
    return other


def refused(shop: Shop, file: Path, code: int, *saying: str) -> None:
    """The import is refused in two sentences, and the database is as it was."""
    before = shop.db.read_bytes()
    ran = shop.run("import", file, "--yes")
    assert (ran.code, ran.out if code != 4 else "") == (code, ""), ran
    for words in saying:
        assert words in ran.err
    assert shop.db.read_bytes() == before


def test_every_table_of_facts_is_in_it_as_it_is_stored(furnished: Shop) -> None:
    file = export(furnished, "all.json")
    document = json.loads(file.read_text("utf-8"))
    assert list(document) == ["recrm_export", "schema", "tables"]
    assert document["recrm_export"] == 1
    assert document["schema"] == furnished.sql("PRAGMA user_version")[0][0]
    assert {"clients", "contacts", "follow_ups", "complaints", "suppressions", "suppression_key"} <= set(
        document["tables"]
    )
    assert not {"operations", "changes", "standing", "client_words"} & set(document["tables"])
    for table, rows in document["tables"].items():
        assert [row["id"] for row in rows] == [row[0] for row in furnished.sql(f"SELECT id FROM {table} ORDER BY id")]
    lina = document["tables"]["clients"][0]
    assert (lina["income_minor"], lina["created_at"]) == (35_000_000, "2026-11-21T01:00:00Z")
    assert len(document["tables"]["clients"]) == 5  # the archived one too


def test_equal_databases_give_identical_files_whenever_they_are_exported(furnished: Shop) -> None:
    first = export(furnished, "a.json").read_bytes()
    furnished.now = "2027-01-01T00:00:00"
    assert export(furnished, "b.json").read_bytes() == first


def test_an_import_into_an_empty_database_makes_the_same_one(furnished: Shop, shop: Shop) -> None:
    file = export(furnished, "all.json")
    answer = shop.get("import", file, "--yes")
    assert (answer["rows"], answer["added"], answer["updated"], answer["unchanged"], answer["rejected"]) == (
        5,
        5,
        0,
        0,
        0,
    )
    assert export(shop, "again.json").read_bytes() == file.read_bytes()
    assert shop.due() == furnished.due()
    assert shop.get("find", "heating") == furnished.get("find", "heating")
    assert shop.sql("SELECT * FROM standing ORDER BY 1") == furnished.sql("SELECT * FROM standing ORDER BY 1")
    assert shop.sql("SELECT * FROM standing ORDER BY 1") == shop.sql("SELECT * FROM standing_now ORDER BY 1")


def test_a_second_import_of_the_same_file_leaves_everybody_unchanged(furnished: Shop, shop: Shop) -> None:
    file = export(furnished, "all.json")
    shop.ok("import", file, "--yes")
    before = shop.db.read_bytes()
    said = shop.ok("import", file, "--yes")
    assert said.splitlines()[-1] == "Added 0, updated 0, unchanged 5, rejected 0: 5 of 5 clients."
    assert shop.db.read_bytes() == before


def test_whom_not_to_call_comes_along(furnished: Shop, shop: Shop) -> None:
    furnished.ok("erase-client", 3, "--yes")
    file = export(furnished, "all.json")
    assert tables(file)["suppressions"]
    assert tables(file)["suppression_key"]
    shop.ok("import", file, "--yes")
    assert export(shop, "again.json").read_bytes() == file.read_bytes()
    shop.ok("import", file, "--yes")
    # Another database that has forgotten somebody, with a key of its own, cannot take in hashes made with this one.
    other = Shop(shop.folder / "other")
    other.folder.mkdir()
    other.ok("init")
    other.ok("erase-client", other.add("Eve", "--phone", "13700137000"), "--yes")
    refused(other, file, 4, "erased")


def test_only_whom_not_to_call_may_be_new(furnished: Shop, shop: Shop) -> None:
    furnished.ok("erase-client", 3, "--yes")

    def empty(document: Document) -> None:
        for table, rows in document["tables"].items():
            if not table.startswith("suppression"):
                rows.clear()

    file = rewritten(export(furnished, "all.json"), empty)
    assert shop.get("import", file, "--yes")["rows"] == 0
    assert shop.count("suppressions") == furnished.count("suppressions") > 0


def test_a_rehearsal_writes_nothing_and_counts_the_same(furnished: Shop, shop: Shop) -> None:
    file = export(furnished, "all.json")
    before = shop.sql("SELECT count(*) FROM clients")
    answer = shop.get("import", file, "--dry-run")
    assert (answer["dry_run"], answer["added"]) == (True, 5)
    assert shop.sql("SELECT count(*) FROM clients") == before
    assert shop.count("operations") == 0


def test_a_database_that_is_not_made_yet_is_made_by_the_import(furnished: Shop, bare: Shop) -> None:
    file = export(furnished, "all.json")
    assert bare.get("import", file, "--dry-run", RECRM_DB="")["added"] == 5
    assert not (bare.folder / "data").exists()
    assert bare.get("import", file, "--yes", RECRM_DB="")["added"] == 5
    assert len(bare.get("list-clients", RECRM_DB="")) == 4


def test_without_a_terminal_nothing_is_imported_unless_told_to(furnished: Shop, shop: Shop) -> None:
    ran = shop.run("import", export(furnished, "all.json"))
    assert ran.code == 2
    assert "--yes" in ran.err
    assert shop.count("clients") == 0


def test_an_import_is_undone_in_one_step(furnished: Shop, shop: Shop) -> None:
    shop.ok("import", export(furnished, "all.json"), "--yes")
    shop.ok("undo")
    assert (shop.count("clients"), shop.count("contacts")) == (0, 0)


def test_somebody_else_under_the_same_id_refuses_the_whole_file(furnished: Shop, shop: Shop) -> None:
    shop.add("Somebody Else")
    refused(shop, export(furnished, "all.json"), 4, "Client #1 is 李娜 in the file and Somebody Else here", "new.db")


def test_a_client_who_has_changed_since_refuses_the_whole_file(furnished: Shop) -> None:
    file = export(furnished, "all.json")
    furnished.ok("edit-client", 2, "--note", "changed")
    refused(furnished, file, 4, "Bob Smith (#2) has changed since")


def test_clients_who_are_not_there_are_added_to_those_who_are(furnished: Shop, shop: Shop) -> None:
    whole, some = export(furnished, "all.json"), export(furnished, "some.json", "--tier", "A")
    shop.ok("import", some, "--yes")
    answer = shop.get("import", whole, "--yes")
    assert (answer["added"], answer["unchanged"]) == (4, 1)
    assert export(shop, "again.json").read_bytes() == whole.read_bytes()


def test_with_filters_it_holds_what_belongs_to_those_clients_alone(furnished: Shop, shop: Shop) -> None:
    furnished.ok("tag", 2, "chosen")
    found = tables(export(furnished, "some.json", "--tag", "chosen"))
    (bob,) = found["clients"]
    assert (bob["name"], bob["referrer_id"]) == ("Bob Smith", None)
    assert {row["client_id"] for name in ("contact_points", "follow_ups", "complaints") for row in found[name]} == {2}
    assert {row["complaint_id"] for row in found["complaint_events"]} == {2}
    assert found["suppressions"] == found["digests"] == []
    assert shop.get("import", furnished.folder / "some.json", "--yes")["added"] == 1


def test_archived_clients_are_in_it_or_alone_in_it(furnished: Shop) -> None:
    assert len(tables(export(furnished, "a.json"))["clients"]) == 5
    assert [row["name"] for row in tables(export(furnished, "b.json", "--archived"))["clients"]] == ["Cid Olds"]


def test_a_file_laid_out_otherwise_is_the_same_file(furnished: Shop, shop: Shop) -> None:
    file = export(furnished, "all.json")

    def reverse(document: Document) -> None:
        document["tables"] = dict(reversed(list(document["tables"].items())))

    other = rewritten(file, reverse, indent=8, ensure_ascii=True)
    assert shop.get("import", other, "--yes")["added"] == 5
    assert export(shop, "again.json").read_bytes() == file.read_bytes()


def test_an_older_schema_without_a_column_gets_its_default(furnished: Shop, shop: Shop) -> None:
    def older(document: Document) -> None:
        document["schema"] = 2
        del document["tables"]["consents"]
        for row in document["tables"]["clients"]:
            del row["pinyin_given"]
            del row["do_not_contact"]

    shop.ok("import", rewritten(export(furnished, "all.json"), older), "--yes")
    assert shop.sql("SELECT DISTINCT pinyin_given, do_not_contact FROM clients") == [(0, 0)]


def test_hostile_text_is_cleaned_as_if_it_were_typed(furnished: Shop, shop: Shop) -> None:
    def poison(document: Document) -> None:
        document["tables"]["clients"][0]["name"] = "Eve\x1b]52;c;aGVsbG8=\x07\nEvil\u202e"
        document["tables"]["contacts"][0]["text"] = "one\x00\r\ntwo\ud800"

    shop.ok("import", rewritten(export(furnished, "all.json"), poison), "--yes")
    assert shop.sql("SELECT name FROM clients WHERE id = 1") == [("Eve Evil",)]
    assert shop.sql("SELECT text FROM contacts WHERE id = 1") == [("one\ntwo",)]


def client(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = document["tables"]["clients"][1]
    return found


SUPPRESSION = {"id": 1, "hash": "a" * 64, "added_at": "2026-01-01T00:00:00Z"}

UNFIT: list[tuple[str, Callable[[Document], object], str]] = [
    ("newer", lambda d: d.update(schema=10_000), "Upgrade recrm"),
    ("newer form", lambda d: d.update(recrm_export=2), "Upgrade recrm"),
    ("no form", lambda d: d.update(recrm_export="yes"), "does not say which recrm"),
    ("no schema", lambda d: d.pop("schema"), "does not say which recrm"),
    ("unknown table", lambda d: d["tables"].update(sqlite_master=[{"id": 1}]), "does not know: “sqlite_master”"),
    ("journal", lambda d: d["tables"].update(operations=[{"id": 1}]), "does not know: “operations”"),
    ("unknown column", lambda d: client(d).update({"x\x1b[1m": 1}), "Row 2 of clients (id 2) cannot be kept"),
    ("text for number", lambda d: client(d).update(birth_year="1990"), "birth_year should be a whole number"),
    ("number for text", lambda d: client(d).update(note=5), "note should be text"),
    ("truth for number", lambda d: client(d).update(do_not_contact=True), "do_not_contact should be a whole number"),
    ("fraction", lambda d: client(d).update(income_minor=1.5), "income_minor should be a whole number"),
    ("huge", lambda d: client(d).update(income_minor=2**63), "income_minor should be a whole number"),
    ("list", lambda d: client(d).update(note=["x"]), "note should be text"),
    ("no id", lambda d: client(d).pop("id"), "Row 2 of clients cannot be kept: it has no id"),
    ("no row", lambda d: d["tables"]["clients"].append("x"), "Row 6 of clients cannot be kept: it is not an object"),
    ("check", lambda d: client(d).update(tier="Z"), "Row 2 of clients (id 2) cannot be kept: it breaks the rule"),
    ("missing", lambda d: client(d).update(name=None), "clients.name is missing"),
    ("twice", lambda d: d["tables"]["clients"].append(client(d)), "Row 6 of clients (id 2) cannot be kept"),
    ("dangling", lambda d: d["tables"]["contacts"][0].update(client_id=99), "A row of contacts (id 1) cannot be kept"),
    ("nobody", lambda d: client(d).update(referrer_id=77), "points to a row of clients that is not there"),
    ("no key", lambda d: d["tables"].update(suppression_key=[], suppressions=[SUPPRESSION]), "the key it was made"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "saying"), [case[1:] for case in UNFIT], ids=[case[0] for case in UNFIT])
def test_a_file_that_is_unfit_is_refused_whole_with_the_reason(
    furnished_once: Shop, shop: Shop, change: Callable[[Document], object], saying: str, tmp_path: Path
) -> None:
    file = tmp_path / "all.json"
    furnished_once.ok("export", file)
    before = shop.db.read_bytes()
    ran = shop.run("import", rewritten(file, change), "--yes")
    assert ran.code == 1, ran
    assert saying in ran.err
    assert "\x1b" not in ran.err
    assert shop.count("clients") == 0
    assert shop.db.read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("}", "", 1),
        lambda text: text + "{}",
        lambda text: text.replace('"clients": [', '"clients": {', 1),
        lambda text: text.replace("null", "NaN", 1),
        lambda text: text.replace("null", "[" * 100_000, 1),
        lambda text: text.replace(",\n", "\n", 1),
    ],
)
def test_damaged_json_is_refused_and_says_where(furnished: Shop, shop: Shop, damage: Callable[[str], str]) -> None:
    file = export(furnished, "all.json")
    file.write_text(damage(file.read_text("utf-8")), "utf-8")
    refused(shop, file, 1, "nothing was imported")


def test_json_of_another_program_is_refused(shop: Shop) -> None:
    for text in ('{"contacts": []}', '{"name": "recrm_export"}', "[1, 2]"):
        file = shop.folder / "other.json"
        file.write_text(text)
        ran = shop.run("import", file, "--yes")
        assert ran.code in (1, 2)
        assert shop.count("clients") == 0


@settings(deadline=None)
@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)))
def test_rows_are_read_the_same_wherever_the_window_ends(value: Any) -> None:
    import io

    text = json.dumps({"a": value, "tables": {"t": [{"x": value}, {"y": 1}], "u": []}, "b": 12}, indent=1)

    class Dripping(io.StringIO):
        def read(self, _size: int | None = -1) -> str:
            return super().read(3)

    told = [tuple(each) for each in Reader(Dripping(text)).everything()]
    assert told == [("a", value, 0), ("t", {"x": value}, 1), ("t", {"y": 1}, 2), ("b", 12, 0)]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b'{"recrm_export": "\xff"}')
    with pytest.raises(FileUnreadable):
        list(read(tmp_path / "x.json"))


def test_two_furnished_shops_are_told_apart_by_the_first_clash(furnished: Shop, make_shop: ShopMaker) -> None:
    other = make_shop()
    shutil.copy(furnished.db, other.db)
    other.sql("UPDATE follow_ups SET reason = 'something else' WHERE id = 1")
    refused(other, export(furnished, "all.json"), 4, "Row 1 of follow_ups")


def test_the_tables_of_an_export_are_all_but_the_journal_and_what_is_derived() -> None:
    from recrm.exports import store
    from recrm.storage.schema import unjournaled_tables

    named = set(store.tables(ram_shop().conn))
    assert unjournaled_tables() == {"suppressions", "suppression_key"} <= named
    assert named.isdisjoint({"operations", "changes", "reversals", "standing"})


def test_whoever_asked_to_be_forgotten_here_is_not_to_be_called_again(furnished: Shop, shop: Shop) -> None:
    shop.ok("erase-client", shop.add("Lina", "--phone", "13800138000"), "--yes")
    ran = shop.run("import", export(furnished, "all.json"), "--yes")
    assert ran.code == 0, ran
    assert "asked to be forgotten" in ran.err
    assert shop.sql("SELECT name FROM clients WHERE do_not_contact ORDER BY id") == [("李娜",), ("王丽",)]
