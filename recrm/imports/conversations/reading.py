"""A row of a log as what it says: when, how, what, and the words by which its client can be found.

Nothing a row says is dropped unseen: a word for a channel or a direction that recrm does not know stays, in
brackets, at the head of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from recrm.clients.fields import MOST_TEXT, make_point, text_column
from recrm.clients.model import ContactPoint
from recrm.core.errors import RecrmError, UsageError
from recrm.core.i18n import N_
from recrm.core.text import clean_line, clean_text, fold, quoted
from recrm.imports.columns.extracting import compose_name
from recrm.imports.columns.mapping import Mapping
from recrm.imports.columns.sheet import TOO_LONG, Row
from recrm.imports.columns.values import clean, is_email, is_phone, split_emails, split_phones
from recrm.imports.conversations.dates import DateReader, Moment
from recrm.imports.conversations.headers import ranked
from recrm.imports.conversations.html_text import plain_text
from recrm.imports.conversations.vocabulary import CHANNELS, channel_of, channel_of_header, direction_of, is_planned
from recrm.imports.people.preparing import is_identity, key_of_point

_MOST_RAW = 200_000  # an HTML mail is mostly tags
_EMAIL_IN = re.compile(r"[\s(（<\[]*([^\s()（）<>\[\],;]+@[^\s()（）<>\[\],;]+\.[^\s()（）<>\[\],;]+)[\s)）>\]]*")


@dataclass(slots=True)
class Entry:
    """One conversation, ready to find its client; times are stored instants."""

    line: int
    when: Moment
    channel: str
    direction: str
    text: str
    feedback: str | None
    next_step: str | None
    author: str
    name: str = ""
    strong: list[ContactPoint] = field(default_factory=list)  # phones and emails
    weak: list[ContactPoint] = field(default_factory=list)  # real WeChat ids
    unreadable: RecrmError | None = None  # a phone or an email that is none
    client_id: int | None = None

    @property
    def columns(self) -> tuple[str | None, ...]:
        """As a contact has them, from `at` to `agent`."""
        return self.when.at, self.direction, self.channel, self.text, self.feedback, self.next_step, self.author

    @property
    def folded(self) -> str:
        return fold(self.name)


class EntryReader:
    """Rows into entries."""

    def __init__(self, mapping: Mapping, dates: DateReader, region: str) -> None:
        self.dates = dates
        self.region = region
        self._places = {name: ranked(mapping, name) for name in mapping.fields}
        self._headers = {column.index: column.header for column in mapping.columns}
        self._channel = channel_of_header([column.header for column in mapping.used]) or "other"
        self.trusts_ids = any(column.field == "client_id" and column.explicit for column in mapping.columns)

    def read(self, row: Row) -> Entry:
        """Raises RecrmError, which says why the row cannot be taken."""
        if row.too_long:
            raise UsageError(*TOO_LONG)
        cells = row.cells
        if (status := self._first(cells, "status")) and is_planned(status):
            raise UsageError(
                N_("This was planned and is not done: its status is {status}."),
                N_("Plan it with `recrm add-follow-up`, or correct the status."),
                status=quoted(status),
            )
        channel, direction, heads = self._how(cells)
        when = self.dates.read(self._first(cells, "date"), self._first(cells, "time"))
        text = self._text(cells, heads)
        entry = Entry(
            line=row.line,
            when=when,
            channel=channel,
            direction=direction,
            text=text,
            feedback=self._joined(cells, "feedback"),
            next_step=self._joined(cells, "next_step"),
            author=text_column(self._first(cells, "author")) or "",
        )
        self._reach(cells, entry)
        return entry

    def _values(self, cells: Sequence[str], name: str) -> list[str]:
        """What stands in a field's columns, cleaned, blanks left out."""
        found = []
        for place in self._places.get(name, ()):
            if cell := cells[place]:
                if len(cell) > _MOST_RAW:
                    raise self._too_long(len(cell))
                found.append(clean(clean_text(cell)))
        return [value for value in found if value]

    def _first(self, cells: Sequence[str], name: str) -> str:
        return next(iter(self._values(cells, name)), "")

    def _how(self, cells: Sequence[str]) -> tuple[str, str, list[str]]:
        """Channel, direction, and the words that named neither."""
        heads = []
        channel, direction = self._channel, ""
        if text := self._first(cells, "channel"):
            how = channel_of(text)
            if how is None:
                channel = "other"
                heads.append(text)
            else:
                channel, direction = how.channel or channel, how.direction
        if text := self._first(cells, "direction"):
            header = self._headers[self._places["direction"][0]]
            began = direction_of(text, header)
            if began is None and (how := channel_of(text)):  # “Inbound call” under Direction
                began = how.direction or None
            if began is None:
                heads.append(text)
            direction = began or direction
        if channel not in CHANNELS:
            raise ValueError(channel)
        return channel, direction or "out", heads

    def _text(self, cells: Sequence[str], heads: list[str]) -> str:
        pieces = [
            clean_text(plain_text(value)) for value in self._values(cells, "subject") + self._values(cells, "text")
        ]
        pieces = [piece for piece in dict.fromkeys(pieces) if piece]
        if len(pieces) > 1 and pieces[1].startswith(pieces[0]):
            del pieces[0]  # a program that has no subject takes the beginning of the text for one
        if not pieces:
            raise UsageError(
                N_("This row does not say what was said."), N_("Fill in a few words, or take the row out.")
            )
        head = "".join(f"[{clean_line(word)}] " for word in heads if clean_line(word))
        return self._kept(head + "\n".join(pieces)) or ""

    def _joined(self, cells: Sequence[str], name: str) -> str | None:
        pieces = [clean_text(plain_text(value)) for value in self._values(cells, name)]
        return self._kept("\n".join(filter(None, pieces)))

    def _kept(self, text: str) -> str | None:
        if len(text) > MOST_TEXT:
            raise self._too_long(len(text))
        return text_column(text, lines=True)

    def _too_long(self, length: int) -> UsageError:
        return UsageError(
            N_("What was said has {length} characters, and a contact holds {most}."),
            N_("Shorten it, or split the row into several."),
            length=length,
            most=MOST_TEXT,
        )

    def _reach(self, cells: Sequence[str], entry: Entry) -> None:
        """Take in whatever tells who the client is."""
        if "client_id" in self._places:
            entry.client_id = self._client_id(self._first(cells, "client_id"))
        parts = {name: self._first(cells, name) for name in ("family_name", "given_name")}
        parts["name"], inside = _name_and_email(self._first(cells, "client"))
        phones = [word for value in self._values(cells, "phone") for word in split_phones(value)]
        emails = [word for value in self._values(cells, "email") for word in split_emails(value)] + inside
        if is_phone(parts["name"]):
            phones.append(parts["name"])
            parts["name"] = ""
        entry.name = clean_line(compose_name({name: value for name, value in parts.items() if value}))
        for kind, text in [("phone", phone) for phone in phones] + [("email", email) for email in emails]:
            try:
                entry.strong.append(make_point(kind, text, self.region))
            except RecrmError as error:
                entry.unreadable = entry.unreadable or error
        for text in self._values(cells, "wechat"):
            point = make_point("wechat", text, self.region)
            if is_identity(key_of_point(point)):
                entry.weak.append(point)

    def _client_id(self, text: str) -> int | None:
        number = text.removeprefix("#").removesuffix(".0")
        if not number:
            return None
        if number.isascii() and number.isdecimal() and len(number) <= 15:
            return int(number)
        if self.trusts_ids:
            raise UsageError(N_("{text} is not a client's id."), N_("Type a number, such as 12."), text=quoted(text))
        return None


def _name_and_email(text: str) -> tuple[str, list[str]]:
    """`Ann Lee (ann@example.com)` is a name and an email."""
    if "@" not in text:
        return text, []
    if is_email(text):
        return "", [text]
    found = _EMAIL_IN.findall(text)
    return (_EMAIL_IN.sub(" ", text).strip(" ;,"), found) if len(found) == 1 else (text, [])
