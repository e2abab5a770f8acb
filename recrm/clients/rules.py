"""What `check` holds true of clients: names and contact points are found by what follows from them."""

from __future__ import annotations

from recrm.app import App
from recrm.clients.fields import make_point, name_columns
from recrm.core.errors import RecrmError
from recrm.core.i18n import N_
from recrm.core.rules import REBUILD, REPAIR_HINT, Function, Rule, Rules
from recrm.core.text import fold


def _functions(app: App) -> tuple[Function, ...]:
    def shown_of(kind: str, value: str, extension: str, shown: str) -> str:
        return _remade(kind, value, extension, app.region)[1] or shown

    def key_of(kind: str, value: str, key: str) -> str:
        return _remade(kind, value, "", app.region)[0] or key

    return (
        Function("named_so", 4, _named_so),
        Function("search_key_of", 3, lambda *row: _name(*row)["search_key"]),
        Function("pinyin_of", 3, lambda *row: _name(*row)["pinyin"]),
        Function("pointed_so", 5, _pointed_so),
        Function("key_of", 3, key_of),
        Function("shown_of", 4, shown_of),
    )


def _name(name: str, pinyin: str, given: int) -> dict[str, str]:
    """The columns that follow from a name; a reading that a person gave stays."""
    made = name_columns(name, pinyin if given else None)
    return {"search_key": str(made["search_key"]), "pinyin": pinyin if given else str(made["pinyin"])}


def _named_so(name: str, pinyin: str, given: int, search_key: str) -> bool:
    """Whether a client is found by their name and its reading. Of a given reading only that it is searched for."""
    try:
        made = _name(name, pinyin, given)
    except RecrmError:
        return False
    if given:
        lines = search_key.split("\n")
        return lines[0] == fold(name) and (not pinyin or pinyin in lines)
    return made == {"search_key": search_key, "pinyin": pinyin}


def _pointed_so(kind: str, value: str, extension: str, shown: str, key: str) -> bool:
    """Whether a contact point is searched by what it is. How a phone is spaced may change with phonenumbers."""
    if kind != "phone":
        return key == fold(value) and bool(shown)
    is_e164 = value.startswith("+") and value[1:].isascii() and value[1:].isdigit() and 5 <= len(value) <= 18
    digits = "".join(character for character in shown if character.isdigit())
    return is_e164 and key == value and digits == value[1:] + extension


def _remade(kind: str, value: str, extension: str, region: str) -> tuple[str, str]:
    """Key and shown form of a contact point; empty where its value is none."""
    try:
        point = make_point(kind, f"{value} ext. {extension}" if extension else value, region)
    except RecrmError:
        return "", ""
    return point.key, point.shown


RULES = Rules(
    (
        Rule(
            "standing",
            """
            SELECT client_id FROM (SELECT * FROM standing EXCEPT SELECT * FROM standing_now)
            UNION SELECT client_id FROM (SELECT * FROM standing_now EXCEPT SELECT * FROM standing)
            """,
            N_("Clients whose due items do not follow from their contacts, promises and profile: {count}."),
            REPAIR_HINT,
            REBUILD,
        ),
        Rule(
            "search-key",
            """
            SELECT id FROM clients
            WHERE NOT named_so(name, pinyin, pinyin_given, search_key)
            """,
            N_(
                "Clients whose pinyin or initials do not follow from their names, "
                "so that `find` may miss them: {count}."
            ),
            REPAIR_HINT,
            """
            UPDATE clients SET search_key = search_key_of(name, pinyin, pinyin_given),
                pinyin = pinyin_of(name, pinyin, pinyin_given)
            """,
        ),
        Rule(
            "contact-point",
            "SELECT id FROM contact_points WHERE NOT pointed_so(kind, value, extension, shown, key)",
            N_("Phones or addresses kept in another form than they are searched in: {count}."),
            REPAIR_HINT,
            # Two that become the same are left: one of them is to be removed by hand.
            """
            UPDATE OR IGNORE contact_points SET key = key_of(kind, value, key),
                shown = shown_of(kind, value, extension, shown)
            """,
        ),
        Rule(
            "referrer",
            """
            WITH RECURSIVE chain(start, id) AS (
                SELECT id, referrer_id FROM clients WHERE referrer_id IS NOT NULL
                UNION SELECT start, referrer_id FROM chain JOIN clients USING (id) WHERE referrer_id IS NOT NULL
            )
            SELECT start FROM chain WHERE id = start
            """,
            N_("Clients who, by way of others, were referred by themselves: {count}."),
            N_("Name another referrer: `recrm edit-client ID --referrer WHO`."),
        ),
        Rule(
            "currency",
            """
            SELECT id FROM clients
            WHERE currency IS NULL AND coalesce(income_minor, debts_minor, down_payment_minor) IS NOT NULL
            """,
            N_("Clients with amounts in no currency: {count}."),
            N_("Give the amount again: `recrm edit-client ID --income AMOUNT`."),
        ),
    ),
    _functions,
)
