"""What the properties of a card say of a client, each put where a sheet would have it.

What has no field of its own (a fax number, a nickname, an anniversary) becomes a line of the notes; what is of
no use to an agent (photographs, keys, the time of the last change, how a name is pronounced) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote

from recrm.clients.tag_cells import one_cell
from recrm.core.errors import UsageError, WhenNotUnderstood
from recrm.core.i18n import N_
from recrm.imports.columns.card_row import CardRow
from recrm.imports.columns.extracting import MESSENGERS, NO_VOICE, Extracted
from recrm.imports.columns.headers import FIELDS, target_of
from recrm.imports.columns.values import birthday_text
from recrm.imports.files.vcard_lines import Property

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
_ADDRESS_PARTS = ("extended", "extended", "street", "city", "region", "postal", "country")
_PLAIN_TYPES = frozenset(
    "home work cell mobile voice text textphone video msg iphone main pref other internet dom intl parcel postal "
    "car isdn pcs x400 applelink attmail cis eworld ibmmail mcimail powershare prodigy personal business "
    "individual family uri apple watch airpods x-mobile x-internet charset=utf-8 utf-8 8bit 7bit".split()
)
_VOICE = {"cell", "voice", "mobile"}
_URI_PARAMETER = re.compile(r";(?!ext=)[^;]*")
# What a property is, by its name; empty: of no use.
_PROPERTIES = {
    name: kind
    for kind, names in {
        "full name": "FN", "name": "N", "nickname": "NICKNAME", "company": "ORG", "occupation": "TITLE ROLE",
        "phone": "TEL", "email": "EMAIL", "address": "ADR", "letter": "LABEL", "named": "NOTE URL",
        "chat": "IMPP SOCIALPROFILE X-SOCIALPROFILE", "tags": "CATEGORIES", "birthday": "BDAY X-ALTBDAY",
        "district": "X-APPLE-SUBLOCALITY X-APPLE-SUBADMINISTRATIVEAREA", "shown as": "KIND X-ABSHOWAS",
        "day": "ANNIVERSARY DEATHDATE X-ANNIVERSARY X-EVOLUTION-ANNIVERSARY X-ABDATE",
        "relation": "RELATED X-ABRELATEDNAMES", "android": "X-ANDROID-CUSTOM",
        "line": "X-SKYPE X-SKYPE-USERNAME X-TELEGRAM X-LINE X-MSN X-ICQ X-AIM X-YAHOO X-JABBER X-WEIBO",
        "": "BEGIN END VERSION SOURCE XML GENDER LANG TZ GEO MEMBER PRODID REV UID CLIENTPIDMAP FBURL CALADRURI CALURI "
            "MAILER NAME PROFILE CLASS SORT-STRING BIRTHPLACE DEATHPLACE ORG-DIRECTORY CONTACT-URI CREATED GRAMGENDER "
            "LANGUAGE PRONOUNS JSPROP",
    }.items()
    for name in names.split()
}  # fmt: skip


class NotAClient(UsageError):
    """A card of something else, or of nobody."""


def is_used(name: str) -> bool:
    """Whether a property of this name can say anything here."""
    return name == _LABEL or name in _KIND or bool(_kind_of(name))


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
        if each.value:
            _put(row, each, labels.get(each.head.group, "") if each.head.group else "")
    if not (extracted := row.extracted(line)):
        raise NotAClient(N_("This card is empty."))
    return extracted


@lru_cache(maxsize=1024)
def _kind_of(name: str) -> str:
    """What a property is. One that is in no standard may say by its name what it is, or is a line of the notes."""
    if name in _PROPERTIES:
        return _PROPERTIES[name]
    if "LUNAR" in name and not name.startswith(_OURS):
        return "lunar birthday"
    target = target_of(_heading(name))
    field = target.field if target else ""
    if name.startswith(_OURS):
        return "named" if field in FIELDS and field not in _NOT_TAKEN else ""
    return "named" if field in _TRUSTED else "" if name.startswith("X-") else "line"


def _heading(name: str) -> str:
    """The name of a property as the heading of a line: X-EVOLUTION-SPOUSE is Spouse."""
    return _MAKER.sub("", name).replace("-", " ").capitalize() or "Date"


def _put(row: CardRow, prop: Property, label: str) -> None:
    """Put a property where a sheet would have it; `label` is what the card calls it."""
    head, text = prop.head, prop.text
    match _kind_of(head.name):
        case "full name":
            row.whole_name = row.whole_name or " ".join(text.split())
        case "name":
            pieces = (" ".join(piece.replace(",", " ").split()) for piece in prop.pieces())
            row.names = row.names or {field: piece for field, piece in zip(_NAMES, pieces, strict=False) if piece}
        case "nickname":
            row.nickname = ", ".join(filter(None, (row.nickname, *map(str.strip, prop.pieces(",")))))
        case "shown as":
            row.shows_company |= text.strip().lower() in ("company", "org")
        case "company":
            company, *departments = (piece.strip() for piece in prop.pieces())
            if row.company and company:
                row.put("note", company, header="Company")
            else:
                row.company = company
                row.put("company", company)
            row.put("occupation", ", ".join(filter(None, departments)))
        case "occupation":
            if text.strip() not in row.cells:
                row.put("occupation", text)
        case "phone":
            _put_phone(row, prop, label)
        case "email":  # an address inside Exchange, which nobody outside can write to, is a line of the notes
            inside = text.strip().lower().startswith("/o=")
            row.put("note" if inside else "email", text, header="Email" if inside else "")
        case "address":  # where its parts are all empty, its label waits to be used
            group = head.group or f"#{len(row.cells)}"
            if not any(map(str.strip, prop.pieces())):
                row.letters.append((group, head.parameters.get("LABEL", "").replace("\\n", "\n")))
            for part, piece in zip(_ADDRESS_PARTS, prop.pieces(), strict=False):
                row.put("address", piece, part=part, group=group)
        case "district":  # Apple's part of an address that the format lacks
            row.put("address", text, part="district", group=head.group)
        case "letter":  # an address as it is written on a letter, used where there is no ADR
            lines = (line.strip(" ,") for line in text.splitlines())
            row.letters.append((f"#{len(row.letters)}", ", ".join(filter(None, lines))))
        case "chat":
            _put_chat(row, prop, label)
        case "tags":
            tags = prop.pieces(",")
            banned = [tag for tag in tags if tag.strip().casefold() == _BAN]
            row.put("do_not_contact", "yes" if banned else "", header=_BAN)
            row.put("tag", one_cell(tag for tag in tags if tag not in banned))
        case "relation" if not prop.value.startswith("urn:uuid:"):  # another card; nobody can read that
            own = next((kind for kind in head.types if kind != "pref"), "").replace("-", " ").capitalize()
            row.put("family", text, label=label or own)
        case "birthday":
            _put_birthday(row, prop, label)
        case "lunar birthday":
            row.lunar_birthday = row.lunar_birthday or _day(prop)
        case "day":  # an anniversary, or the day of somebody's death
            row.put("note", _day(prop), header=label or _heading(head.name))
        case "android":
            _put_android(row, prop)
        case "line":
            row.put("note", text, header=_heading(head.name))
        case "named" if target := target_of(heading := _heading(head.name)):
            if head.name.startswith(_OURS):
                row.put(target.field, text, header=heading)
            else:
                row.put(target.field, text, label=label or (heading if target.field == "family" else ""))


def _put_phone(row: CardRow, prop: Property, label: str) -> None:
    """What nobody can call, such as a fax, keeps its type as a label."""
    types = prop.head.types
    text = prop.text.strip()
    scheme, colon, number = text.partition(":")
    if colon and scheme.lower() in ("tel", "sms", "callto"):
        number = _URI_PARAMETER.sub("", unquote(number))
        text = re.sub(r";ext=", " ext. ", number, count=1, flags=re.IGNORECASE)
    if not label and not _VOICE.intersection(types) and any(kind in NO_VOICE for kind in types):
        label = " ".join(kind for kind in types if kind in ("home", "work", *NO_VOICE)).capitalize()
    row.put("phone", text, label=label or _own_type(types))


def _own_type(types: Sequence[str]) -> str:
    """A type that is somebody's own word, WeChat, and none of the format's."""
    return next((kind.removeprefix("x-") for kind in types if kind not in _PLAIN_TYPES), "")


def _put_chat(row: CardRow, prop: Property, label: str) -> None:
    """An id of WeChat, WhatsApp or QQ; other services are a line of the notes."""
    parameters = prop.head.parameters
    scheme, colon, user = prop.text.strip().partition(":")
    if not colon:
        scheme, user = "", scheme
    user = parameters.get("X-USER") or unquote(user.removeprefix("//"))
    own = parameters.get("X-SERVICE-TYPE") or parameters.get("SERVICE-TYPE") or _own_type(prop.head.types)
    for service in filter(None, (own, label, scheme)):
        if (target := target_of(service)) and target.field in MESSENGERS:
            row.put(target.field, user)
            return
    if scheme.lower() in ("http", "https") and not own:
        row.put("website", prop.text)
    else:
        row.put("note", user, header=(own or label or scheme or "IM").removeprefix("x-"))


def _put_android(row: CardRow, prop: Property) -> None:
    """What Android knows and the format lacks: a kind, then values and numbers between semicolons."""
    kind, *values = prop.pieces()
    value, number, own, *_more = (*values, "", "", "")
    match kind.rpartition("/")[2], number:
        case "nickname", _:
            row.nickname = row.nickname or value.strip()
        case "relation", _:
            row.put("family", value, label=own or _RELATIONS.get(number, ""))
        case "contact_event", "3":
            _put_birthday(row, prop._replace(value=value), "")
        case "contact_event", _:
            row.put("note", value, header=own or ("Anniversary" if number == "1" else "Date"))


def _put_birthday(row: CardRow, prop: Property, label: str) -> None:
    """A birthday if it is a day, else a line; a lunar one waits until it is known if there is a solar one."""
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
