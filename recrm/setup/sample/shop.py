"""The whole shop as rows, a few thousand clients at a time, in the order in which they came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from unicodedata import normalize

from recrm.clients.fieldtable import BY_COLUMN, TECHNICAL
from recrm.clients.names import read_name, search_key
from recrm.core.settings import Settings
from recrm.setup.sample import complaint_stories, history, people, profile
from recrm.setup.sample.chance import pick, seeded_random, share
from recrm.setup.sample.clock import Clock, stored
from recrm.setup.sample.phones import Numbers
from recrm.setup.sample.roles import Role, assign_roles

Row = tuple[object, ...]
Rows = dict[str, list[Row]]

CHUNK = 2_000
YEARS = 3 * 365
COLUMNS = {
    "clients": " ".join((*TECHNICAL, *(column for column in BY_COLUMN if column != "pinyin_given"))),
    "client_types": "client_id type",
    "client_tags": "client_id tag",
    "contact_points": "client_id kind value shown key",
    "contacts": "client_id at direction channel text feedback next_step agent created_at",
    "follow_ups": "client_id due_day due_at reason status every anchor_day scheduled_day snoozes outcome agent "
    "created_at closed_at",
    "complaints": "id client_id severity text cause measures handler status round opened_at resolved_at resolution "
    "confirm_by closed_at call_back_due called_back_at agent",
    "complaint_steps": "complaint_id round position step role due_at done_at note agent",
    "complaint_events": "complaint_id at event text agent",
}
_CLIENT = COLUMNS["clients"].split()
_TALKATIVE = {"A": 2.4, "B": 1.7, "C": 1.2, None: 0.8}


@dataclass(frozen=True, slots=True)
class Order:
    """What shop is wanted. `agent` is who sits at the keyboard, "" for nobody in particular."""

    clients: int
    contacts: int
    seed: int
    now: datetime
    settings: Settings
    agent: str = ""


class Shop:
    """One shop, told from the first client to the last; the same order gives the same rows."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.rng: Random = seeded_random(order.seed)
        self.clock = Clock(order.now)
        self.rules = complaint_stories.Rules.of(order.settings)
        self.roles = assign_roles(self.rng, order.clients)
        self.numbers = Numbers(self.rng)
        self.agents = tuple(dict.fromkeys((order.agent or "Mei", "Jonas", "Amara")))
        self.known = order.clients - self.roles.newcomers
        self.contacts_left = order.contacts
        tiers = [role.tier for role in self.roles.by_place.values()]
        talk = sum(_TALKATIVE[tier] for tier in tiers) + _TALKATIVE[None] * (self.known - len(tiers))
        self.usual_talk = talk / self.known
        self.stories: list[complaint_stories.Story] = []
        self.settled = 0  # how many could have had a complaint long ago
        self._read: dict[str, tuple[str, str, str]] = {}

    def batches(self) -> Iterator[Rows]:
        """Rows by table, ready to be written; what refers to another row comes after it."""
        for start in range(0, self.order.clients, CHUNK):
            rows: Rows = {table: [] for table in COLUMNS}
            for place in range(start, min(start + CHUNK, self.order.clients)):
                self._client(place, rows)
            yield rows
        yield self._complaints()

    def _client(self, place: int, rows: Rows) -> None:
        rng, clock = self.rng, self.clock
        role = self.roles.by_place.get(place)
        tier = role.tier if role else None
        ahead = self.roles.birthdays.get(place)
        is_private = ahead is not None or not share(rng, 0.03)
        person = people.someone(rng) if is_private else people.company(rng)
        is_new = place >= self.known
        created, is_imported = self._arrival(place)
        last = history.last_contact(rng, clock, role, created)
        contacts = 0 if is_new else self._how_often(place, tier, wanted=role is not None)
        is_resting = not (role or is_new or ahead is not None)
        archived = clock.working(rng, int(clock.ago(last) * rng.random())) if is_resting and place % 16 == 5 else None
        # One agent speaks Chinese best: whoever sits at the keyboard.
        agent = self.agents[0] if person.language == "zh" and share(rng, 0.6) else pick(rng, self.agents)
        life = history.Life(
            place + 1, person.language, (agent, pick(rng, self.agents)), tier, role, created, last, contacts
        )
        times = history.moments(rng, clock, life)
        talk, promises = history.conversations(rng, clock, life, times)
        rows["contacts"] += talk
        rows["follow_ups"] += promises
        tier_set = (times[len(times) // 2] if times else last) if tier else None
        pinyin, key, handle = self._reading(person.name)
        fields: dict[str, object] = dict.fromkeys(_CLIENT)
        fields |= {"id": life.id, "name": person.name, "kind": person.kind, "pinyin": pinyin, "search_key": key}
        fields |= profile.texts_of(rng, person, private=is_private)
        if ahead is not None or (is_private and share(rng, 0.59)):
            fields |= profile.birthday(rng, clock, ahead)
        if share(rng, 0.5 if tier else 0.1):
            fields |= profile.finances(rng, self.order.settings.text("currency"))
        if place and share(rng, 0.1):
            fields |= {"referrer_id": 1 + int(rng.random() * place), "source": "referral"}
        else:
            fields["source"] = "phone list" if is_imported else pick(rng, profile.SOURCES)
        fields |= {
            "tier": tier,
            "tier_set_at": stored(tier_set) if tier_set else None,
            "preferred_channel": self._preferred(person.language) if share(rng, 0.4) else None,
            "consent": f"{pick(rng, profile.CONSENTS)}, {clock.day(clock.ago(created))}" if share(rng, 0.6) else None,
            "do_not_contact": int(is_resting and place % 40 == 7),
            "agent": agent,
            "origin": "import" if is_imported or (not contacts and not is_new) else "manual",
            "created_at": stored(created),
            "verified_at": stored(self._verified(role, created)),
            "archived_at": stored(max(archived, last)) if archived else None,
        }
        rows["clients"].append(tuple(fields.values()))
        self._details(person, handle, life, rows)
        self._complain(place, life)

    def _arrival(self, place: int) -> tuple[int, bool]:
        """When a client came, the first ones and a later batch by import; the newcomers on the last days."""
        rng, clock = self.rng, self.clock
        if place >= self.known:
            return clock.working(rng, 1 + (self.order.clients - 1 - place) * 3 // self.roles.newcomers), False
        part = place / self.known
        for begin, end in ((0.0, 0.25), (0.55, 0.62)):
            if begin <= part < end:
                return clock.at(YEARS - int(begin * (YEARS - 6)), 18 * 60), True
        return clock.working(rng, YEARS - 1 - int((part + rng.random() / self.known) * (YEARS - 6))), False

    def _how_often(self, place: int, tier: str | None, *, wanted: bool) -> int:
        """How many contacts of those left this client gets; all shares together make the order's number."""
        left = self.contacts_left
        if place == self.known - 1:
            count = left
        else:
            mean = left / (self.known - place) * _TALKATIVE[tier] / self.usual_talk
            count = int(mean * (0.35 + 0.65 * self.rng.expovariate(1.0)) + self.rng.random())
            count = min(left, max(count, int(wanted)))
        self.contacts_left -= count
        return count

    def _verified(self, role: Role | None, created: int) -> int:
        ago = 181 + int(self.rng.random() * 60) if role and role.kind == "unverified" else int(self.rng.random() * 170)
        return max(created, self.clock.working(self.rng, ago))

    def _preferred(self, language: str) -> str:
        return pick(self.rng, ("wechat", "wechat", "call") if language == "zh" else ("email", "call", "whatsapp"))

    def _details(self, person: people.Person, handle: str, life: history.Life, rows: Rows) -> None:
        """Types, tags and contact points."""
        rng, number = self.rng, life.id
        rows["client_types"] += [(number, kind) for kind in pick(rng, profile.TYPES)]
        tags = profile.tags_of(rng, person)
        if life.role and life.role.urgent:
            tags.insert(0, "urgent")
        rows["client_tags"] += [(number, tag) for tag in tags]
        points: list[Row] = []
        for _ in range(2 if share(rng, 0.06) else 1):
            phone, shown = self.numbers.one(person.country)
            points.append((number, "phone", phone, shown, phone))
        values = [("email", f"{handle}{number}@example.{pick(rng, ('com', 'net', 'org'))}")] if share(rng, 0.45) else []
        if person.language == "zh" and person.kind == "person" and share(rng, 0.8):
            values.append(("wechat", f"{handle}_{number:04d}"))
        elif person.language != "zh" and share(rng, 0.4):
            values.append(("whatsapp", phone))
        rows["contact_points"] += points + [(number, kind, value, value, value) for kind, value in values]

    def _reading(self, name: str) -> tuple[str, str, str]:
        """Pinyin, search key and the name's part of an address, worked out once a name."""
        found = self._read.get(name)
        if found is None:
            reading = read_name(name)
            latin = normalize("NFKD", reading.pinyin or name.casefold().replace("đ", "d")).encode("ascii", "ignore")
            handle = re.sub("[^a-z]+", "" if reading.pinyin else ".", latin.decode()).strip(".")
            found = self._read[name] = (reading.pinyin, search_key(name, reading), handle[:40])
        return found

    def _complain(self, place: int, life: history.Life) -> None:
        """The complaint that this client has, or once had."""
        client = (life.id, life.language, life.agents[0])
        since = self.clock.ago(life.created)
        if life.role and life.role.kind == "complains":
            self.stories.append(complaint_stories.running(self.rng, self.clock, self.rules, life.role.number, client))
        elif since > 60 and place < self.known:
            self.settled += 1
            if self.settled % 25 == 12:
                ago = 20 + int(self.rng.random() * (since - 40))
                number = self.settled // 25
                self.stories.append(complaint_stories.over(self.rng, self.clock, self.rules, number, client, ago))

    def _complaints(self) -> Rows:
        rows: Rows = {table: [] for table in COLUMNS}
        for number, story in enumerate(sorted(self.stories, key=lambda s: (s.opened, s.client_id)), start=1):
            handler = pick(self.rng, self.agents) if share(self.rng, 0.5) else ""
            rows["complaints"].append((number, *story.row(handler)))
            rows["complaint_steps"] += [(number, *step) for step in story.steps]
            rows["complaint_events"] += [
                (number, stored(at), event, text, story.agent) for at, event, text in story.events
            ]
        return rows
