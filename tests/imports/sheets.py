"""Headers as real programs export them, and sheets made of them with people who do not exist."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping as MappingABC
from pathlib import Path
from typing import NamedTuple

from recrm.imports.columns.extracting import Extracted, extract
from recrm.imports.columns.mapping import Mapping, guess_mapping
from recrm.imports.columns.sheet import read_sheet


def _columns(names: str) -> list[str]:
    return names.split(",")


GOOGLE_OLD = _columns(
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,"
    "Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,"
    "Location,Billing Information,Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,"
    "Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,"
    "Phone 2 - Type,Phone 2 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,"
    "Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,"
    "Address 1 - Extended Address,Organization 1 - Type,Organization 1 - Name,Organization 1 - Yomi Name,"
    "Organization 1 - Title,Organization 1 - Department,Website 1 - Type,Website 1 - Value,"
    "Custom Field 1 - Type,Custom Field 1 - Value"
)
GOOGLE_NEW = _columns(
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,"
    "Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,"
    "Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,"
    "Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,"
    "Address 1 - Extended Address,Relation 1 - Label,Relation 1 - Value,Website 1 - Label,"
    "Website 1 - Value,Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"
)
OUTLOOK = _columns(
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,"
    "Business Street 2,Business Street 3,Business City,Business State,Business Postal Code,"
    "Business Country/Region,Home Street,Home Street 2,Home Street 3,Home City,Home State,Home Postal Code,"
    "Home Country/Region,Other Street,Other City,Assistant's Phone,Business Fax,Business Phone,"
    "Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,Home Phone 2,ISDN,"
    "Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Account,"
    "Anniversary,Assistant's Name,Billing Information,Birthday,Business Address PO Box,Categories,Children,"
    "Directory Server,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,"
    "E-mail 2 Display Name,Gender,Government ID Number,Hobby,Home Address PO Box,Initials,"
    "Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,Office Location,"
    "Organizational ID Number,Other Address PO Box,Priority,Private,Profession,Referred By,Sensitivity,"
    "Spouse,User 1,User 2,Web Page"
)
HUBSPOT = _columns(
    "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,Lead Status,"
    "Lifecycle Stage,Marketing contact status,Create Date,Last Activity Date,Company Name,Job Title,"
    "Street Address,City,State/Region,Postal Code,Country/Region,Original Source,"
    "Unsubscribed from all email"
)
FOLLOW_UP_BOSS = _columns(
    "ID,Date Added,Name,First Name,Last Name,Stage,Lead Source,Assigned To,Last Assigned,Is Contacted,"
    "Listing Price,Tags,Email 1,Email 1 - Type,Email 2,Email 2 - Type,Phone 1,Phone 1 - Type,Phone 2,"
    "Phone 2 - Type,Address 1 - Street,Address 1 - City,Address 1 - State,Address 1 - Zip,"
    "Address 1 - Country,Address 1 - Type,Property Address,Property City,Property Price,Message,"
    "Description,Notes,Calls,Texts,Background,Campaign Source,Deal Stage,Birthday,Closing Anniversary,"
    "Timeframe,Website"
)
SALESFORCE = _columns(
    "Id,AccountId,LastName,FirstName,Salutation,MailingStreet,MailingCity,MailingState,MailingPostalCode,"
    "MailingCountry,Phone,Fax,MobilePhone,HomePhone,OtherPhone,Email,Title,Department,LeadSource,Birthdate,"
    "Description,OwnerId,HasOptedOutOfEmail,DoNotCall,CreatedDate"
)
CHINESE = _columns(
    "序号,客户姓名*,电话（手机）,微信号,QQ,电子邮箱,客户类型,客户等级,意向区域,生日,推荐人,来源渠道,职业,"
    "工作单位,家庭住址,标签,忌讳,跟进人,备注,勿扰"
)


def write_sheet(
    path: Path,
    header: list[str],
    people: list[dict[str, str]],
    encoding: str = "utf-8",
    delimiter: str = ",",
    line_end: str = "\r\n",
) -> Path:
    """A file such as the program would write, its cells empty where a person has none."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows([person.get(name, "") for name in header] for person in people)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


class Said(NamedTuple):
    """What one row says, to be compared; `fields` are those that have no place of their own here."""

    line: int
    name: str
    points: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    types: tuple[str, ...]
    tier: str
    birthday: str
    notes: str
    fields: dict[str, str]
    do_not_contact: bool | None


def said(row: Extracted) -> Said:
    """A row's words, to be compared."""
    own = {"name", "family_name", "given_name", "middle_name", "prefix", "suffix", "tier", "birthday"}
    return Said(
        row.line, row.name, tuple(row.points), tuple(row.tags.values()), tuple(row.types), row.fields.get("tier", ""),
        row.fields.get("birthday", ""), "\n".join(row.notes),
        {name: text for name, text in row.fields.items() if name not in own}, row.do_not_contact,
    )  # fmt: skip


def imported(path: Path) -> tuple[Mapping, list[Said]]:
    """What a file comes to: its mapping, and what each row says."""
    sheet = read_sheet(path)
    mapping = guess_mapping(sheet.header, sheet.sample)
    return mapping, [said(extract(row, mapping)) for row in sheet.rows]


def one(path: Path, header: list[str], person: MappingABC[str, str]) -> Said:
    """What a sheet of one person says of them."""
    return imported(write_sheet(path / "one.csv", header, [dict(person)]))[1][0]
