"""Whoever was erased is not called again because a list brings them back; and who is not on it pays nothing."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from recrm.clients import suppression
from recrm.clients.model import ContactPoint
from recrm.clients.suppression import identity
from tests.conftest import Shop
from tests.storage.kit import ago, ram_shop


def erased(shop: Shop, *options: str) -> None:
    ann = shop.add(
        "Ann", "--phone", "13912345678", "--email", "ann@example.com", "--wechat", "ann_wx", "--qq", "1234567"
    )
    shop.ok("erase-client", ann, "--yes", *options)


@pytest.mark.parametrize(
    "point",
    [
        ("--phone", "+86 139-1234-5678"),
        ("--email", "ANN@example.com"),
        ("--wechat", "Ann_WX"),
        ("--qq", "1234567"),
        ("--wechat", "13912345678"),
        ("--whatsapp", "+86 139 1234 5678"),
    ],
)
def test_added_again_by_hand_they_are_marked_and_the_agent_is_told(shop: Shop, point: tuple[str, str]) -> None:
    erased(shop)
    ran = shop.run("add-client", "Somebody", *point)
    assert "asked to be forgotten" in ran.err
    assert "recrm consent 2 --allow" in ran.err
    client = shop.get("consent", 2)
    assert client["do_not_contact"] is True
    assert client["consents"][0]["event"] == "do-not-contact"


def test_given_to_a_client_who_was_there_they_are_marked_too_unless_they_have_agreed(shop: Shop) -> None:
    erased(shop)
    bob, carol = shop.add("Bob"), shop.add("Carol")
    assert "asked to be forgotten" in shop.run("edit-client", bob, "--phone", "13912345678").err
    assert shop.get("show-client", bob)["do_not_contact"] is True
    shop.ok("consent", carol, "--allow", "calls")
    ran = shop.run("edit-client", carol, "--email", "ann@example.com")
    assert (ran.err, shop.get("show-client", carol)["do_not_contact"]) == ("", False)


@pytest.mark.parametrize("kind", ["csv", "vcf"])
def test_an_import_marks_them_and_nobody_else(shop: Shop, kind: str) -> None:
    erased(shop)
    sheet = "Name,Phone\nAnna Maria,139 1234 5678\nBob,13800138000\n"
    cards = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:{phone}\nEND:VCARD\n"
        for name, phone in (("Anna Maria", "13912345678"), ("Bob", "13800138000"))
    )
    (shop.folder / f"list.{kind}").write_text(sheet if kind == "csv" else cards, "utf-8")
    rehearsed = shop.run("import", f"list.{kind}", "--dry-run")
    assert "would be marked do-not-contact: 1." in rehearsed.err
    assert shop.count("clients") == 0
    ran = shop.run("import", f"list.{kind}", "--yes")
    assert "so Anna Maria (#2) is marked do-not-contact" in ran.err
    assert [(c["name"], c["do_not_contact"]) for c in shop.get("list-clients", "--sort", "id")] == [
        ("Anna Maria", True),
        ("Bob", False),
    ]
    shop.ok("undo")
    assert shop.count("clients") == 0
    assert shop.count("consents") == 0


def test_without_suppression_nothing_is_left_of_them(shop: Shop) -> None:
    erased(shop, "--no-suppression")
    assert (shop.count("suppressions"), shop.count("suppression_key")) == (0, 0)
    assert shop.run("add-client", "Ann", "--phone", "13912345678").err == ""


def test_a_number_that_another_client_shares_may_still_be_called(shop: Shop) -> None:
    ann = shop.add("Ann", "--phone", "13912345678")
    shop.add("Bob", "--phone", "13912345678", "--allow-duplicate")
    assert shop.get("erase-client", ann, "--yes")["suppressed"] == 0


def test_what_is_left_can_be_read_as_nobody_and_its_key_differs_from_shop_to_shop(shop: Shop) -> None:
    erased(shop)
    hashes = {row[0] for row in shop.sql("SELECT hash FROM suppressions")}
    ((key,),) = shop.sql("SELECT key FROM suppression_key")
    assert len(hashes) == 4
    assert len(key) == 64
    wanted = hmac.new(bytes.fromhex(key), b"phone:+8613912345678:", hashlib.sha256).hexdigest()
    assert wanted in hashes
    assert hashlib.sha256(b"phone:+8613912345678:").hexdigest() not in hashes


@pytest.mark.parametrize(
    ("kind", "key", "extension", "said"),
    [
        ("phone", "+861012345678", "12", "phone:+861012345678:12"),
        ("email", "a@b.c", "", "email:a@b.c"),
        ("wechat", "同手机", "", None),
        ("wechat", "有", "", None),
        ("qq", "yes", "", None),
        ("address", "1 main street", "", None),
        ("whatsapp", "+44 20 7946 0018", "", "phone:+442079460018:"),
    ],
)
def test_only_what_can_tell_who_somebody_is_is_hashed(kind: str, key: str, extension: str, said: str | None) -> None:
    assert identity(kind, key, extension) == said


def test_nothing_is_hashed_while_nobody_was_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = ram_shop()
    monkeypatch.setattr(suppression, "_hash", lambda *_: pytest.fail("hashed for nothing"))
    assert suppression.suppressed(shop.conn, [ContactPoint("email", "a@b.c", "a@b.c", "a@b.c")]) == set()
    assert suppression.newly_given(shop.conn, "SELECT ''") == []
    assert suppression.suppress(shop.conn, [], ago()) == 0
