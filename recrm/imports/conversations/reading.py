"""A row of a log as what it says: when, how, what, and the words by which its client can be found.

Nothing a row says is dropped unseen: a word for a channel or a direction that recrm does not know stays, in
brackets, at the head of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
from recrm.imports.conversations.vocabulary import channel_of, channel_of_header, direction_of, is_planned
from recrm.imports.outcome import each_or_error
from recrm.imports.people.who import Key, Who, key_of_point

_MOST_RAW = 200_000  # an HTML mail is mostly tags
_EMAIL_IN = re.compile(r"[\s(（<\[]*([^\s()（）<>\[\],;]+@[^\s()（）<>\[\],;]+\.[^\s()（）<>\[\],;]+)[\s)）>\]]*")
Values = dict[str, list[str]]  # what a row has of each field, cleaned, the best column first


@dataclass(slots=True)
class Entry(Who):
    """One conversation, ready to find its client; times are stored instants."""

    when: Moment
    channel: str
    direction: str
    text: str
    feedback: str | None
    next_step: str | None
    author: str
    unreadable: RecrmError | None  # a phone or an email that is none
    client_id: int | None

    @property
    def columns(self) -> tuple[str | None, ...]:
        """As a contact has them, from `at` to `agent`."""
        return self.when.at, self.direction, self.channel, self.text, self.feedback, self.next_step, self.author

    @property
    def folded(self) -> str:
        return fold(self.name)


class EntryReader:
    def __init__(self, mapping: Mapping, dates: DateReader, region: str) -> None:
        self.dates = dates
        self.region = region
        self.trusts_ids = any(column.field == "client_id" and column.explicit for column in mapping.columns)
        self._places = {name: ranked(mapping, name) for name in mapping.fields}
        self._channel = channel_of_header([column.header for column in mapping.used]) or "other"
        self._direction = next((column.header for column in mapping.used if column.field == "direction"), "")

    def read(self, row: Row) -> Entry:
        """Raises RecrmError, which says why the row cannot be taken."""
        if row.too_long:
            raise UsageError(*TOO_LONG)
        values = {name: _values(row.cells, places) for name, places in self._places.items()}
        first = {name: several[0] for name, several in values.items() if several}
        if is_planned(first.get("status", "")):
            raise UsageError(
                N_("This was planned and is not done: its status is {status}."),
                N_("Plan it with `recrm add-follow-up`, or correct the status."),
                status=quoted(first["status"]),
            )
        channel, direction, unknown = self._how(first.get("channel", ""), first.get("direction", ""))
        name, texts = _who(values, first)
        made = each_or_error(lambda point: make_point(*point, self.region), texts)
        points: dict[Key, ContactPoint] = {}
        for point in (*made, *(make_point("wechat", text, self.region) for text in values.get("wechat", ()))):
            if isinstance(point, ContactPoint):
                points.setdefault(key_of_point(point), point)
        return Entry(
            line=row.line,
            when=self.dates.read(first.get("date", ""), first.get("time", "")),
            channel=channel,
            direction=direction,
            text=_text(values, unknown),
            feedback=_kept(_plain(values, "feedback")),
            next_step=_kept(_plain(values, "next_step")),
            author=text_column(first.get("author", "")) or "",
            name=name,
            points=points,
            unreadable=next((error for error in made if isinstance(error, RecrmError)), None),
            client_id=self._client_id(first.get("client_id", "")),
        )

    def _how(self, channel_text: str, direction_text: str) -> tuple[str, str, str]:
        """Channel, direction, and, in brackets, the words that named neither."""
        how, unknown = channel_of(channel_text), []
        channel, direction = (how.channel or self._channel, how.direction) if how else (self._channel, "")
        if channel_text and not how:
            channel = "other"
            unknown.append(channel_text)
        if direction_text:
            began = direction_of(direction_text, self._direction)
            if began is None and (how := channel_of(direction_text)):  # “Inbound call” under Direction
                began = how.direction or None
            if began is None:
                unknown.append(direction_text)
            direction = began or direction
        return channel, direction or "out", "".join(f"[{line}] " for line in map(clean_line, unknown) if line)

    def _client_id(self, text: str) -> int | None:
        number = text.removeprefix("#").removesuffix(".0")
        if number.isascii() and number.isdecimal() and len(number) <= 15:
            return int(number)
        if number and self.trusts_ids:
            raise UsageError(N_("{text} is not a client's id."), N_("Type a number, such as 12."), text=quoted(text))
        return None


def _values(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    found = [cells[place] for place in places if cells[place]]
    for cell in found:
        if len(cell) > _MOST_RAW:
            raise _too_long(len(cell))
    return [value for cell in found if (value := clean(clean_text(cell)))]


def _plain(values: Values, *fields: str) -> list[str]:
    """What stands in fields of text, HTML or not, each once."""
    texts = (clean_text(plain_text(value)) for name in fields for value in values.get(name, ()))
    return list(dict.fromkeys(filter(None, texts)))


def _text(values: Values, unknown: str) -> str:
    pieces = _plain(values, "subject", "text")
    if len(pieces) > 1 and pieces[1].startswith(pieces[0]):
        del pieces[0]  # a program that has no subject takes the beginning of the text for one
    if not pieces:
        raise UsageError(N_("This row does not say what was said."), N_("Fill in a few words, or take the row out."))
    return _kept([unknown + pieces[0], *pieces[1:]]) or ""


def _kept(pieces: list[str]) -> str | None:
    text = "\n".join(pieces)
    if len(text) > MOST_TEXT:
        raise _too_long(len(text))
    return text_column(text, lines=True)


def _too_long(length: int) -> UsageError:
    return UsageError(
        N_("What was said has {length} characters, and a contact holds {most}."),
        N_("Shorten it, or split the row into several."),
        length=length,
        most=MOST_TEXT,
    )


def _who(values: Values, first: dict[str, str]) -> tuple[str, list[tuple[str, str]]]:
    """The client's name, and the phones and emails; `Ann Lee (ann@example.com)` is a name and an email."""
    phones = [phone for value in values.get("phone", ()) for phone in split_phones(value)]
    emails = [email for value in values.get("email", ()) for email in split_emails(value)]
    name = first.get("client", "")
    inside = [name] if is_email(name) else _EMAIL_IN.findall(name) if "@" in name else []
    if len(inside) == 1:
        emails += inside
        name = "" if is_email(name) else _EMAIL_IN.sub(" ", name).strip(" ;,")
    if is_phone(name):
        phones.append(name)
        name = ""
    parts = {"name": name, "family_name": first.get("family_name", ""), "given_name": first.get("given_name", "")}
    points = [("phone", phone) for phone in phones] + [("email", email) for email in emails]
    return clean_line(compose_name(parts)), points
