"""What the properties of a card say of a client, as a row of a sheet that has just the columns it needs.

What has no field of its own (a fax number, a nickname, an anniversary) becomes a line of the notes; what is of
no use to an agent (photographs, keys, the time of the last change, how a name is pronounced) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from recrm.clients.tag_cells import one_cell
from recrm.core.i18n import N_, _
from recrm.imports.columns import card_days, card_points
from recrm.imports.columns.card_row import CardRow
from recrm.imports.columns.extracting import Extracted
from recrm.imports.columns.headers import FIELDS, target_of
from recrm.imports.columns.values import is_cjk
from recrm.imports.files.vcard_lines import Property

Handler = Callable[[CardRow, Property, str], None]

_KINDS = {
    "group": N_("This card is a group of contacts, not a client."),
    "location": N_("This card is a place, not a client."),
    "application": N_("This card is a program, not a client."),
    "thing": N_("This card is a thing, not a client."),
    "device": N_("This card is a device, not a client."),
}
_KIND = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
_LABELS = {"X-ABLABEL", *_KIND}
_OURS = "X-RECRM-"
_BAN = "do-not-contact"  # the category in which recrm writes a ban into a card
_NOT_TAKEN = {"id", "created", "label"}
# What an X- property of somebody else's may fill: the text are clear, whoever wrote them.
_TRUSTED = card_points.CHATS | {"referrer", "family", "birthday", "phone", "email", "website"}
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_RELATIONS = {  # as Android numbers them
    "1": "Assistant", "2": "Brother", "3": "Child", "4": "Domestic partner", "5": "Father", "6": "Friend",
    "7": "Manager", "8": "Mother", "9": "Parent", "10": "Partner", "11": "Referred by", "12": "Relative",
    "13": "Sister", "14": "Spouse",
}  # fmt: skip


def is_used(name: str) -> bool:
    """Whether a property of this name can say anything here."""
    return name in _LABELS or _handler(name) is not None


@lru_cache(maxsize=1024)
def _handler(name: str) -> Handler | None:
    """What takes a property. One that is in no standard may say by its name what it is, or is a line of the notes."""
    if name in _HANDLERS or name in _USELESS:
        return _HANDLERS.get(name)
    if name.startswith(_OURS):
        target = target_of(_our_header(name))
        return _ours if target and target.field in FIELDS and target.field not in _NOT_TAKEN else None
    if "LUNAR" in name:
        return card_days.lunar_birthday
    target = target_of(card_days.heading(name))
    if target and target.field in _TRUSTED:
        return _plain
    return None if name.startswith("X-") else _line


def person(line: int, properties: Sequence[Property]) -> tuple[Extracted | None, str]:
    """Who the card is of; or nobody, and what else it is."""
    labels: dict[str, str] = {}
    for each in properties:
        head = each.head
        if head.name == "X-ABLABEL":
            labels[head.group] = _label(each.text)
        elif head.name in _KIND and (kind := _KINDS.get(each.text.strip().lower())):
            return None, _(kind)
    row = CardRow()
    if any(each.head.preference < 101 for each in properties):
        properties = sorted(properties, key=lambda each: each.head.preference)
    for each in properties:
        handler = _handler(each.head.name)
        if handler and each.value:
            handler(row, each, labels.get(each.head.group, "") if each.head.group else "")
    _put_names(row)
    card_days.put_lunar(row)
    if "address" not in row.has:
        for group, text in row.letters:
            row.put("address", text, part="formatted", group=group)
    if not row.cells:
        return None, _("This card is empty.")
    return row.extracted(line), ""


def _label(text: str) -> str:
    apple = _APPLE_LABEL.fullmatch(text.strip())
    return apple[1] if apple else text.strip()


def _put_names(row: CardRow) -> None:
    """The whole name, unless its pieces are the same in better order, or it is no name at all."""
    whole, pieces = row.whole_name, row.names
    family, given = pieces.get("family_name", ""), pieces.get("given_name", "")
    parts = [part for part in (family, pieces.get("middle_name", ""), given) if part]
    joined = "".join(parts)
    if row.shows_company:
        if not row.company:
            row.company = whole
            row.put("company", whole)
        if joined and joined not in row.company:
            contact = joined if is_cjk(joined) else " ".join(filter(None, (given, family)))
            row.put("note", contact, header="Contact person")
        row.put("name", row.company)
        return
    is_turned = is_cjk(joined) and sorted(joined) == sorted("".join(whole.split()))
    if parts and (is_turned or whole == f"{family}, {given}" or not any(map(str.isalpha, whole))):
        whole = ""
    if whole:
        row.put("name", whole)
    else:
        for field, text in pieces.items():
            row.put(field, text)
    if row.nickname and not whole and not parts and not row.company:
        row.put("name", row.nickname)
    elif row.nickname != whole:
        row.put("note", row.nickname, header="Nickname")


def _full_name(row: CardRow, prop: Property, _label: str) -> None:
    row.whole_name = row.whole_name or " ".join(prop.text.split())


def _name(row: CardRow, prop: Property, _label: str) -> None:
    if row.names:
        return
    pieces = prop.pieces()
    fields = ("family_name", "given_name", "middle_name", "prefix", "suffix")
    for field, piece in zip(fields, pieces, strict=False):
        if text := " ".join(piece.replace(",", " ").split()):
            row.names[field] = text


def _nickname(row: CardRow, prop: Property, _label: str) -> None:
    row.nickname = ", ".join(filter(None, (row.nickname, *map(str.strip, prop.pieces(",")))))


def _organization(row: CardRow, prop: Property, _label: str) -> None:
    company, *departments = (piece.strip() for piece in prop.pieces())
    if row.company and company:
        row.put("note", company, header="Company")
    else:
        row.company = company
        row.put("company", company)
    row.put("occupation", ", ".join(filter(None, departments)))


def _occupation(row: CardRow, prop: Property, _label: str) -> None:
    if prop.text.strip() not in row.cells:
        row.put("occupation", prop.text)


def _categories(row: CardRow, prop: Property, _label: str) -> None:
    tags = prop.pieces(",")
    if banned := [tag for tag in tags if tag.strip().casefold() == _BAN]:
        row.put("do_not_contact", "yes", header=_BAN)
    row.put("tag", one_cell(tag for tag in tags if tag not in banned))


def _note(row: CardRow, prop: Property, _label: str) -> None:
    row.put("note", prop.text)


def _relation(row: CardRow, prop: Property, label: str) -> None:
    if prop.value.startswith("urn:uuid:"):  # another card; nobody can read that
        return
    label = label or next((kind for kind in prop.head.types if kind != "pref"), "").replace("-", " ").capitalize()
    row.put("family", prop.text, label=label)


def _android(row: CardRow, prop: Property, _label: str) -> None:
    """What Android knows and the format lacks: a kind, then values and numbers between semicolons."""
    kind, *values = prop.pieces()
    value, number, own, *_more = (*values, "", "", "")
    kind = kind.rpartition("/")[2]
    if kind == "nickname":
        row.nickname = row.nickname or value.strip()
    elif kind == "relation":
        row.put("family", value, label=own or _RELATIONS.get(number, ""))
    elif kind == "contact_event":
        if number == "3":
            card_days.birthday(row, prop._replace(value=value), "")
        else:
            row.put("note", value, header=own or ("Anniversary" if number == "1" else "Date"))


def _ours(row: CardRow, prop: Property, _label: str) -> None:
    text = _our_header(prop.head.name)
    if target := target_of(text):
        row.put(target.field, prop.text, header=text)


def _our_header(name: str) -> str:
    return name.removeprefix(_OURS).replace("-", " ").capitalize()


def _plain(row: CardRow, prop: Property, label: str) -> None:
    """Somebody else's property whose name says what it is."""
    text = card_days.heading(prop.head.name)
    if target := target_of(text):
        row.put(target.field, prop.text, label=label or (text if target.field == "family" else ""))


def _line(row: CardRow, prop: Property, _label: str) -> None:
    row.put("note", prop.text, header=card_days.heading(prop.head.name))


def _company_shown(row: CardRow, prop: Property, _label: str) -> None:
    row.shows_company |= prop.text.strip().lower() in ("company", "org")


_HANDLERS: dict[str, Handler] = {
    name: handler
    for handler, names in (
        (_full_name, "FN"), (_name, "N"), (_nickname, "NICKNAME"), (_organization, "ORG"), (_occupation, "TITLE ROLE"),
        (card_points.phone, "TEL"), (card_points.email, "EMAIL"), (card_points.address, "ADR"),
        (card_points.letter, "LABEL"), (card_points.website, "URL"),
        (card_points.chat, "IMPP SOCIALPROFILE X-SOCIALPROFILE"),
        (card_points.district, "X-APPLE-SUBLOCALITY X-APPLE-SUBADMINISTRATIVEAREA"),
        (card_days.birthday, "BDAY X-ALTBDAY"),
        (card_days.date_line, "ANNIVERSARY DEATHDATE X-ANNIVERSARY X-EVOLUTION-ANNIVERSARY X-ABDATE"),
        (_categories, "CATEGORIES"), (_note, "NOTE"), (_relation, "RELATED X-ABRELATEDNAMES"),
        (_android, "X-ANDROID-CUSTOM"), (_company_shown, "KIND X-ABSHOWAS"),
        (_line, "X-SKYPE X-SKYPE-USERNAME X-TELEGRAM X-LINE X-MSN X-ICQ X-AIM X-YAHOO X-JABBER X-WEIBO"),
    )
    for name in names.split()
}  # fmt: skip
_USELESS = frozenset(
    "BEGIN END VERSION SOURCE XML GENDER LANG TZ GEO MEMBER PRODID REV UID CLIENTPIDMAP FBURL CALADRURI CALURI "
    "MAILER NAME PROFILE CLASS SORT-STRING BIRTHPLACE DEATHPLACE ORG-DIRECTORY CONTACT-URI CREATED GRAMGENDER "
    "LANGUAGE PRONOUNS JSPROP".split()
)
