"""One client's past: when we talked, what was said, what was promised and kept, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from recrm.core.recurrence import next_after, parse_every
from recrm.setup.sample.chance import pick, share
from recrm.setup.sample.clock import Clock, stored
from recrm.setup.sample.roles import Role
from recrm.setup.sample.talk import ASKED, IN, OUT, PROMISES, RECURRING, THANKS, Line, spoken

Row = tuple[object, ...]
# Days between two conversations, roughly; an archived client was spoken to now and then.
_USUAL_GAP = {"A": 4.0, "B": 9.0, "C": 25.0, None: 45.0}
_WITHIN = {"A": 1, "B": 6, "C": 29}
_FORGOTTEN = {"A": (2, 3), "B": (7, 3), "C": (30, 15)}  # for so many days, and up to so many more
_APPOINTED = (10 * 60 + 30, 14 * 60 + 30, 16 * 60, 11 * 60, 17 * 60 + 15)


@dataclass(frozen=True, slots=True)
class Life:
    """What the past of a client hangs on. `agents` are the responsible one and whoever stands in."""

    id: int
    language: str
    agents: tuple[str, str]
    tier: str | None
    role: Role | None
    created: int
    last: int
    contacts: int


def last_contact(rng: Random, clock: Clock, role: Role | None, created: int) -> int:
    """When we last talked, such that what is due today comes out as the role has it."""
    known = max(1, clock.ago(created))
    kind, tier = (role.kind, role.tier) if role else ("", None)
    if role and kind == "touch" and tier:
        least, more = _FORGOTTEN[tier]
        ago = least + role.number * 7 % more
    elif kind == "promised late" and role:
        ago = _days_late(role) + 1 + int(rng.random() * 8)
    elif kind == "asking" and role:
        ago = 1 + role.number % 3
    elif kind in ("promised today", "promised at", "comes back today"):
        ago = 1 + int(rng.random() * 10)
    else:
        within = _WITHIN[tier] if tier else known
        if kind in ("promised ahead", "comes back ahead"):
            within = 12
        ago = 1 + int(rng.random() * min(within, known))
    moment = clock.working(rng, min(ago, known))
    return max(moment, created + 600)


def moments(rng: Random, clock: Clock, life: Life) -> list[int]:
    """When they talked: so many times, nearer together for a better tier, the last one as given."""
    if life.contacts == 0:
        return []
    days = clock.ago(life.created) - clock.ago(life.last)
    if days < 2:
        length = life.last - life.created - 60
        before = [life.created + 60 + int(rng.random() * length) for _ in range(life.contacts - 1)]
    else:
        back, gaps = 0.0, []
        for _ in range(life.contacts - 1):
            back += rng.expovariate(1.0) * _USUAL_GAP[life.tier]
            gaps.append(back)
        squeeze = min(1.0, (days - 1.001) / back) if back else 1.0
        newest = clock.ago(life.last) + 1
        before = [clock.working(rng, newest + int(gap * squeeze)) for gap in gaps]
    return [*sorted(before), life.last]


def conversations(rng: Random, clock: Clock, life: Life, times: list[int]) -> tuple[list[Row], list[Row]]:
    """Rows of contacts and of follow-ups. What comes in is answered by what goes out later, unless it came in today."""
    language, role = life.language, life.role
    contacts: list[Row] = []
    promised: list[Row] = []
    open_one: Row | None = None
    if role and role.kind.startswith(("promised", "comes back")):
        open_one = _open_promise(rng, clock, life, role)
    is_asking = bool(role and role.kind == "asking")
    kept: Line | None = None
    for number, moment in enumerate(times):
        to_come = len(times) - 1 - number
        agent = life.agents[0] if rng.random() < 0.94 else life.agents[1]
        next_step, direction = None, "out"
        if kept:
            line = kept
        elif is_asking and to_come == 0:
            direction, line = "in", pick(rng, ASKED[language])
        elif to_come == int(is_asking) or rng.random() < 0.68:  # the answer to all that came in before
            line = pick(rng, OUT[language])
        else:
            direction, line = "in", pick(rng, IN[language])
        text, kept = spoken(rng, language, line.text), None
        if open_one and to_come == 0:
            next_step = open_one[3]
        elif to_come > int(is_asking) and rng.random() < 0.12:
            promise = pick(rng, PROMISES[language])
            # Both speak of the same place and price.
            next_step, outcome = spoken(rng, language, f"{promise.reason}\n{promise.outcome}").split("\n")
            kept = Line(promise.channel, outcome, pick(rng, THANKS[language]))
            due, next_at = clock.day(clock.ago(times[number + 1])).isoformat(), stored(times[number + 1])
            row = (life.id, due, None, next_step, "done", None, None, None, 0, outcome, agent, stored(moment), next_at)
            promised.append(row)
        at = stored(moment)
        contacts.append((life.id, at, direction, line.channel, text, line.feedback or None, next_step, agent, at))
    return contacts, [*promised, open_one] if open_one else promised


def _open_promise(rng: Random, clock: Clock, life: Life, role: Role) -> Row:
    """The follow-up that stands open, made when we last talked."""
    every = anchor = scheduled = due_at = None
    due, snoozes = clock.today, 0
    reason = pick(rng, PROMISES[life.language]).reason
    made = clock.day(clock.ago(life.last))
    if role.kind == "promised late":
        due = clock.day(_days_late(role))
        snoozes = int(share(rng, 0.3))
    elif role.kind == "promised at":
        due_at = clock.at(0, _APPOINTED[(role.number + 1) % len(_APPOINTED)])
    elif role.kind == "promised ahead":
        ahead = 1 + int(rng.random() * rng.random() * 28)
        due = clock.day(-ahead)
        due_at = clock.at(-ahead, pick(rng, _APPOINTED)) if share(rng, 0.4) else None
    elif role.kind.startswith("comes back"):
        rule, reason = pick(rng, RECURRING[life.language])
        if role.kind == "comes back today":
            rule, anchor = "2w", clock.today - timedelta(days=14 * (1 + role.number % 4))
        else:
            anchor = made.replace(day=min(28 + role.number % 4, made.day)) if made.day > 28 else made
            due = next_after(anchor, parse_every(rule), clock.today)
        every, scheduled = rule, due
    reason = spoken(rng, life.language, reason)
    days = [day.isoformat() if day else None for day in (None if due_at else due, anchor, scheduled)]
    at = stored(due_at) if due_at else None
    head = (life.id, days[0], at, reason, "open", every, days[1], days[2])
    return (*head, snoozes, None, life.agents[0], stored(life.last), None)


def _days_late(role: Role) -> int:
    return (1, 3, 9, 5, 2, 7)[role.number % 6]
