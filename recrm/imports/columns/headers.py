"""Column names of the programs contacts come from, and the recrm field each one is: data, and one lookup.

A name is compared by its letters alone: case, blanks, hyphens, required-marks and numbers do not matter, so
that “E-mail 2 Address” and “email_address” are one. What stands in brackets counts if the rest is unknown.
The lists are those that the programs really export; Google has had two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from recrm.clients.fieldtable import FIELDS as CLIENT_FIELDS
from recrm.clients.surnames import FORMS_OF_ADDRESS
from recrm.core.i18n import N_, _, language

_PIECES = {
    "family_name": N_("Family name"), "given_name": N_("Given name"), "middle_name": N_("Middle name"),
    "prefix": N_("Name prefix"), "suffix": N_("Name suffix"),
}  # fmt: skip
FIELD_LABELS = {field.name: field.label for field in CLIENT_FIELDS} | _PIECES | {"label": N_("Label")}
# What a column may be, by the name that --map takes: an address has its parts, below.
FIELDS = (*(field.name for field in CLIENT_FIELDS if field.known_as), "address", *_PIECES, "id", "label")


Rule = tuple[str, set[str], set[str]]


class Target(NamedTuple):
    """What a column is: a field; which part of an address; the one tag it stands for if it says yes."""

    field: str
    part: str = ""
    word: str = ""


KnownNames = Mapping[str, Target | None]  # None: known, and of no use


# Names of what is a column here and no field of a client; the fields' own stand in `recrm.clients.fieldtable`.
_NAMES = {
    "family_name": "family name, last name, surname, 姓, 姓氏",
    "given_name": "given name, first name, forename, 名, 名字",
    "middle_name": "middle name, additional name, 中间名",
    "prefix": "name prefix, prefix, salutation, honorific, courtesy title, 称谓, 尊称",
    "suffix": "name suffix, suffix, generational suffix",
    "id": "id, record id, contact id, lead id, client id, customer id, external id, 编号, 客户编号, 客户id",
}
_NAMES |= {field.name: f"{field.name}, {field.known_as}" for field in CLIENT_FIELDS if field.known_as}
_NO_EMAIL = (
    "has opted out of email, email opt out, opted out of email, unsubscribed from all email, "
    "email unsubscribed, 拒收邮件"
)
# The column that is added to what is handed back.
REASON = "recrm: reason"
# Known, and of no use: never taken for something else by its content.
_IGNORED = (
    "phonetic first name, phonetic middle name, phonetic last name, yomi name, given name yomi, "
    "additional name yomi, family name yomi, file as, initials, short name, maiden name, gender, 性别, "
    "location, billing information, directory server, mileage, sensitivity, priority, subject, language, "
    "photo, organization yomi name, organization department, organization symbol, organization location, "
    "organization job description, department, office location, organizational id number, "
    "government id number, account, internet free busy, keywords, managers name, assistants name, private, "
    "email display name, callback, isdn, radio phone, ttytdd phone, telex, last assigned, is contacted, "
    "calls, texts, last activity date, last modified date, last contacted, ownerid, accountid, createdbyid, "
    "lastmodifieddate, systemmodstamp, isdeleted, reports to, contact record type, "
    "marketing contact status, associated company ids, has opted out of fax, deal stage, deal close date, "
    "deal price, campaign source, campaign medium, campaign term, campaign content, campaign name, "
    "date reassigned, huddle url, update source, 序号, 修改时间, 更新时间, 最后跟进时间"
)
_PLACES = "address, home, business, work, other, mailing, contact, property owner"
_PARTS = {
    "country": "country, country/region, country code, 国家",
    "region": "state, region, province, state/region, state/province, 省, 省份",
    "city": "city, town, 市, 城市, 所在城市",
    "district": "district, county, 区, 区县, 行政区",
    "street": (
        "street, street address, address, address line, 地址, 住址, 详细地址, 联系地址, 通讯地址, 通信地址, "
        "现住址, 家庭住址, 家庭地址, 住宅地址, 居住地址, 公司地址, 单位地址, 街道"
    ),
    "extended": "extended address, address line two, po box, address po box",
    "postal": "zip, zip code, postal code, zip/postal code, postcode, 邮编, 邮政编码",
    "formatted": "formatted, full address",
}
_LABELLED = (
    "phone, email, address, website, organization, custom field, relation, event, im, calendar link, external id"
)
_PLAIN = (
    "note, notes, comment, comments, remark, remarks, memo, 备注, 备注信息, 说明, 附注, family, "
    "family members, 家庭, 家庭成员, 家庭情况, 家庭结构, 家人"
)
# A name only where the sheet has no better one; “称呼” is what one says to a client, 王姐.
_SPARE_NAMES = "称呼, 客户称呼, 备注名, 昵称, nickname, 微信昵称, file as"
_PERSON_TITLES = "mr mrs ms miss mx dr prof professor sir madam"

# The first row whose first names are all in the header, and any of whose second, tells the program.
_LAYOUTS = """
Google Contacts: given name, family name: group membership, yomi name, phone value, email value
Google Contacts: first name, last name: phonetic first name, phone value, email value, file as
Follow Up Boss: first name, last name, stage, assigned to: lead source, source, email, phone, background
HubSpot: first name, last name: lifecycle stage, marketing contact status
HubSpot: record id, email: contact owner, lead status, phone number, create date
Salesforce: last name: account name, mailing street, do not call, has opted out of email, birthdate, ownerid
Salesforce: last name, lead source: lead status, lead owner, contact owner, mobile phone, company
Outlook: first name, email address: business phone, home phone, categories, email type, suffix, web page
"""

_NOT_LETTERS = re.compile(r"[\W\d_]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")


def keys_of(names: str) -> list[str]:
    """The letters of several, between commas."""
    return [key_of(name) for name in names.split(", ")]


def names_by_word(table: str) -> dict[str, list[str]]:
    """The names in a text in which each line is `word: names`, and one that begins with blanks goes on with them."""
    lines = (line.split(": ") for line in re.sub(r"\n +", " ", table).strip().splitlines())
    return {word: names.split(", ") for word, names in lines}


def rules_of(layouts: str) -> list[Rule]:
    """The programs of a text in which each line is `program: names that are all there: names of which one is`."""
    lines = (line.split(": ") for line in layouts.strip().splitlines())
    return [(layout, set(keys_of(needed)), set(keys_of(signs))) for layout, needed, signs in lines]


def layout_by(rules: list[Rule], keys: set[str]) -> str:
    """The first program whose names these are; empty for none."""
    return next((layout for layout, needed, signs in rules if needed <= keys and signs & keys), "")


def key_of(header: str) -> str:
    """The letters of a column's name."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", header).casefold())


def _known_names() -> dict[str, Target | None]:
    known: dict[str, Target | None] = dict.fromkeys([*keys_of(_IGNORED), key_of(REASON)])
    for part, names in _PARTS.items():
        for name in keys_of(names):
            known[name] = Target("address", part)
            if name.isascii():
                known |= {place + name: Target("address", part) for place in keys_of(_PLACES)}
    for word in ("type", "label", "service"):
        known |= {name + word: Target("label") for name in keys_of(_LABELLED)}
    for field, names in _NAMES.items():
        known |= {name: Target(field) for name in keys_of(names)}
    return known | {name: Target("tag", word="no-email") for name in keys_of(_NO_EMAIL)}


PERSON_TITLES = FORMS_OF_ADDRESS.union(_PERSON_TITLES.split())
KNOWN = _known_names()
SPARE_NAMES = keys_of(_SPARE_NAMES)
PLAIN = set(keys_of(_PLAIN))
_RULES = rules_of(_LAYOUTS)


def _variants(header: str) -> list[str]:
    """The name's letters: all of them, without what is in brackets, only what is in brackets."""
    text = unicodedata.normalize("NFKC", header)
    inside = " ".join(_BRACKETS.findall(text))
    return [key_of(text), *([key_of(_BRACKETS.sub("", text)), key_of(inside)] if inside else [])]


def is_known(header: str) -> bool:
    return any(key in KNOWN for key in _variants(header))


def target_of(header: str, known: KnownNames = KNOWN) -> Target | None:
    """What a column of this name is; None if it is unknown, or known to be of no use."""
    return next((known[key] for key in _variants(header) if key in known), None)


def field_label(name: str, labels: Mapping[str, str] = FIELD_LABELS) -> str:
    """What a person calls a field: in English the name that `--map` takes, which takes the other languages' as well."""
    return name.replace("_", " ") if language() == "en" else _(labels.get(name, name))


def layout_of(header: list[str]) -> str:
    """The program this header is from; empty for a plain sheet."""
    keys = {key for name in header for key in _variants(name)}
    return layout_by(_RULES, keys)
