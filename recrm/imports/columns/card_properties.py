"""What the properties of a card say of a client, each put where a sheet would have it.

What has no field of its own (a fax number, a nickname, an anniversary) becomes a line of the notes; what is of
no use to an agent (photographs, keys, the time of the last change, how a name is pronounced) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from recrm.clients.tag_cells import one_cell
from recrm.core.errors import UsageError, WhenNotUnderstood
from recrm.core.i18n import N_
from recrm.imports.columns import card_points
from recrm.imports.columns.card_row import CardRow
from recrm.imports.columns.extracting import MESSENGERS, Extracted
from recrm.imports.columns.headers import FIELDS, target_of
from recrm.imports.columns.values import birthday_text
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
_LABEL = "X-ABLABEL"
_OURS = "X-RECRM-"
_BAN = "do-not-contact"  # the category in which recrm writes a ban into a card
_NOT_TAKEN = {"id", "created", "label"}
# What an X- property of somebody else's may fill: the texts are clear, whoever wrote them.
_TRUSTED = {*MESSENGERS, "referrer", "family", "birthday", "phone", "email", "website"}
_MAKER = re.compile(r"X-(?:ABDATE|EVOLUTION-|MS-|KADDRESSBOOK-X-|RECRM-)?")
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_RELATIONS = {  # as Android numbers them
    "1": "Assistant", "2": "Brother", "3": "Child", "4": "Domestic partner", "5": "Father", "6": "Friend",
    "7": "Manager", "8": "Mother", "9": "Parent", "10": "Partner", "11": "Referred by", "12": "Relative",
    "13": "Sister", "14": "Spouse",
}  # fmt: skip
_NAMES = ("family_name", "given_name", "middle_name", "prefix", "suffix")
_DAY_AND_TIME = re.compile(r"(\d{4}-?\d\d-?\d\d|--\d\d-?\d\d)[T ].*")
_PART_OF_A_DATE = re.compile(r"\d{4}(?:-?\d\d)?|--\d\d|---\d\d|\d{4}-\d\d--")


def is_used(name: str) -> bool:
    """Whether a property of this name can say anything here."""
    return name == _LABEL or name in _KIND or _handler(name) is not None


class NotAClient(UsageError):
    """A card of something else, or of nobody."""


def person(line: int, properties: Sequence[Property]) -> Extracted:
    """Who the card is of. Raises NotAClient, UsageError."""
    labels: dict[str, str] = {}
    for each in properties:
        head = each.head
        if head.name == _LABEL:
            label = each.text.strip()
            apple = _APPLE_LABEL.fullmatch(label)
            labels[head.group] = apple[1] if apple else label
        elif head.name in _KIND and (kind := _KINDS.get(each.text.strip().lower())):
            raise NotAClient(kind)
    row = CardRow()
    for each in sorted(properties, key=lambda each: each.head.preference):
        handler = _handler(each.head.name)
        if handler and each.value:
            handler(row, each, labels.get(each.head.group, "") if each.head.group else "")
    if not (extracted := row.extracted(line)):
        raise NotAClient(N_("This card is empty."))
    return extracted


@lru_cache(maxsize=1024)
def _handler(name: str) -> Handler | None:
    """What takes a property. One that is in no standard may say by its name what it is, or is a line of the notes."""
    if name in _HANDLERS or name in _USELESS:
        return _HANDLERS.get(name)
    if "LUNAR" in name and not name.startswith(_OURS):
        return _lunar_birthday
    target = target_of(_heading(name))
    field = target.field if target else ""
    if name.startswith(_OURS):
        return _named if field in FIELDS and field not in _NOT_TAKEN else None
    return _named if field in _TRUSTED else None if name.startswith("X-") else _line


def _heading(name: str) -> str:
    """The name of a property as the heading of a line: X-EVOLUTION-SPOUSE is Spouse."""
    return _MAKER.sub("", name).replace("-", " ").capitalize() or "Date"


def _named(row: CardRow, prop: Property, label: str) -> None:
    """A property whose name says what it is, as a column's does."""
    text = _heading(prop.head.name)
    if not (target := target_of(text)):
        return
    if prop.head.name.startswith(_OURS):
        row.put(target.field, prop.text, header=text)
    else:
        row.put(target.field, prop.text, label=label or (text if target.field == "family" else ""))


def _line(row: CardRow, prop: Property, _label: str) -> None:
    row.put("note", prop.text, header=_heading(prop.head.name))


def _full_name(row: CardRow, prop: Property, _label: str) -> None:
    row.whole_name = row.whole_name or " ".join(prop.text.split())


def _name(row: CardRow, prop: Property, _label: str) -> None:
    pieces = (" ".join(piece.replace(",", " ").split()) for piece in prop.pieces())
    row.names = row.names or {field: text for field, text in zip(_NAMES, pieces, strict=False) if text}


def _nickname(row: CardRow, prop: Property, _label: str) -> None:
    row.nickname = ", ".join(filter(None, (row.nickname, *map(str.strip, prop.pieces(",")))))


def _company_shown(row: CardRow, prop: Property, _label: str) -> None:
    row.shows_company |= prop.text.strip().lower() in ("company", "org")


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


def _relation(row: CardRow, prop: Property, label: str) -> None:
    if not prop.value.startswith("urn:uuid:"):  # another card; nobody can read that
        own = next((kind for kind in prop.head.types if kind != "pref"), "").replace("-", " ").capitalize()
        row.put("family", prop.text, label=label or own)


def _android(row: CardRow, prop: Property, _label: str) -> None:
    """What Android knows and the format lacks: a kind, then values and numbers between semicolons."""
    kind, *values = prop.pieces()
    value, number, own, *_more = (*values, "", "", "")
    kind = kind.rpartition("/")[2]
    if kind == "nickname":
        row.nickname = row.nickname or value.strip()
    elif kind == "relation":
        row.put("family", value, label=own or _RELATIONS.get(number, ""))
    elif kind == "contact_event" and number == "3":
        _birthday(row, prop._replace(value=value), "")
    elif kind == "contact_event":
        row.put("note", value, header=own or ("Anniversary" if number == "1" else "Date"))


def _birthday(row: CardRow, prop: Property, label: str) -> None:
    """BDAY: a birthday if it is a day, else a line; a lunar one waits until it is known if there is a solar one."""
    text = _day(prop)
    parameters = prop.head.parameters
    is_words = parameters.get("VALUE", "").lower() == "text"
    if parameters.get("CALSCALE", "").lower() == "chinese" or "农历" in label:
        row.lunar_birthday = row.lunar_birthday or text
    elif "birthday" in row.has:
        row.put("note", "" if text in row.cells else text, header="Birthday")
    elif _PART_OF_A_DATE.fullmatch(text) or (is_words and not _is_day(text)):
        row.put("note", text, header="Birthday")  # it cannot be kept as a day
    else:
        row.put("birthday", text)


def _lunar_birthday(row: CardRow, prop: Property, _label: str) -> None:
    row.lunar_birthday = row.lunar_birthday or _day(prop)


def _date_line(row: CardRow, prop: Property, label: str) -> None:
    """An anniversary, or the day of somebody's death."""
    row.put("note", _day(prop), header=label or _heading(prop.head.name))


def _is_day(text: str) -> bool:
    from recrm.core.dates import parse_birthday

    try:
        parse_birthday(text)
    except WhenNotUnderstood:
        return False
    return True


def _day(prop: Property) -> str:
    """A date without the time, without a year that stands for an unknown one, empty for the zeros of no date."""
    text = prop.text.strip()
    if timed := _DAY_AND_TIME.fullmatch(text):
        text = timed[1]
    unknown_years = (prop.head.parameters.get("X-APPLE-OMIT-YEAR", ""), "0000", "1604")
    if text[:4] in unknown_years and re.fullmatch(r"-?\d\d-?\d\d", text[4:]):
        text = "--" + text[4:].lstrip("-")
    return birthday_text(text)


_HANDLERS: dict[str, Handler] = {
    name: handler
    for handler, names in (
        (_full_name, "FN"), (_name, "N"), (_nickname, "NICKNAME"), (_organization, "ORG"), (_occupation, "TITLE ROLE"),
        (card_points.phone, "TEL"), (card_points.email, "EMAIL"), (card_points.address, "ADR"),
        (card_points.letter, "LABEL"), (card_points.chat, "IMPP SOCIALPROFILE X-SOCIALPROFILE"),
        (_named, "NOTE URL"), (_categories, "CATEGORIES"),
        (card_points.district, "X-APPLE-SUBLOCALITY X-APPLE-SUBADMINISTRATIVEAREA"), (_birthday, "BDAY X-ALTBDAY"),
        (_date_line, "ANNIVERSARY DEATHDATE X-ANNIVERSARY X-EVOLUTION-ANNIVERSARY X-ABDATE"),
        (_relation, "RELATED X-ABRELATEDNAMES"), (_android, "X-ANDROID-CUSTOM"), (_company_shown, "KIND X-ABSHOWAS"),
        (_line, "X-SKYPE X-SKYPE-USERNAME X-TELEGRAM X-LINE X-MSN X-ICQ X-AIM X-YAHOO X-JABBER X-WEIBO"),
    )
    for name in names.split()
}  # fmt: skip
_USELESS = frozenset(
    "BEGIN END VERSION SOURCE XML GENDER LANG TZ GEO MEMBER PRODID REV UID CLIENTPIDMAP FBURL CALADRURI CALURI "
    "MAILER NAME PROFILE CLASS SORT-STRING BIRTHPLACE DEATHPLACE ORG-DIRECTORY CONTACT-URI CREATED GRAMGENDER "
    "LANGUAGE PRONOUNS JSPROP".split()
)
