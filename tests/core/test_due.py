"""Urgency is the formula of PRODUCT.md, and the bucketed queue is exactly the naive one, cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from recrm import slices
from recrm.core.due import DueItem, DueWindow, nearness, rank, urgency
from recrm.core.moments import When, day_of, end_of, start_of, to_utc_text
from recrm.core.settings import Settings
from recrm.core.slice import DueKind
from recrm.storage.db import Database
from recrm.today.queue import due_queue
from tests.conftest import Shop
from tests.storage.kit import HERE, MORNING, a_client, done_now, insert, plans, ram_shop, settings, statements

TODAY = MORNING.date()
DEFAULTS = settings()
# With kinds to come, whose weights stand in the config already.
TO_COME = (("viewing", "urgency.appointment"), ("milestone", "urgency.appointment"), ("churn", "urgency.churn"))
KINDS = slices.due_kinds() | {name: DueKind(name, ("", ""), "", weight=weight) for name, weight in TO_COME}


def item(
    kind: str = "follow-up", due: When = TODAY, *, tier: str = "", urgent: bool = False, client: str = "Ann"
) -> DueItem:
    return DueItem(KINDS[kind], 1, 1, client, due, tier, urgent, "Mei")


@pytest.mark.parametrize(
    ("days_overdue", "share"),
    [(-400, 0.2), (-15, 0.2), (-14, 0.2), (-7, 0.2 + 0.8 / 3), (0, 0.2 + 1.6 / 3), (7, 1.0), (8, 1.0), (400, 1.0)],
)
def test_the_deadline_weighs_from_a_fifth_two_weeks_ahead_to_all_a_week_late(days_overdue: int, share: float) -> None:
    assert nearness(days_overdue) == pytest.approx(share)
    due = TODAY - timedelta(days=days_overdue)
    assert urgency(item(due=due), MORNING, DEFAULTS).due == pytest.approx(12 * share)


def test_the_deadline_weighs_the_same_more_for_every_day() -> None:
    steps = [nearness(day + 1) - nearness(day) for day in range(-14, 7)]
    assert steps == pytest.approx([0.8 / 21] * 21)


@pytest.mark.parametrize(
    ("kind", "due", "weight"),
    [
        ("complaint", MORNING + timedelta(minutes=1), 9),
        ("complaint", MORNING, 9),
        ("complaint", MORNING - timedelta(seconds=1), 15),
        ("viewing", TODAY, 8),
        ("milestone", TODAY, 8),
        ("follow-up", TODAY, 5),
        ("churn", TODAY, 5),
        ("birthday", TODAY, 4),
        ("birthday", TODAY + timedelta(days=1), 1),
        ("birthday", TODAY - timedelta(days=1), 1),
        ("touch", TODAY, 2),
        ("inquiry", MORNING, 1),
        ("call-back", TODAY, 1),
        ("profile", TODAY, 1),
    ],
)
def test_each_kind_has_its_weight(kind: str, due: When, weight: float) -> None:
    assert urgency(item(kind, due), MORNING, DEFAULTS).kind == weight


@pytest.mark.parametrize(("tier", "weight"), [("A", 6), ("B", 3.9), ("C", 1.8), ("", 0)])
def test_each_tier_has_its_weight(tier: str, weight: float) -> None:
    assert urgency(item(tier=tier), MORNING, DEFAULTS).tier == weight


def test_the_urgent_tag_weighs_fifteen() -> None:
    plain, tagged = (urgency(item(urgent=tag), MORNING, DEFAULTS) for tag in (False, True))
    assert (plain.urgent, tagged.urgent) == (0, 15)
    assert tagged.total == round(12 * nearness(0) + 5 + 15, 2)


def test_ties_go_to_the_earlier_deadline_and_then_to_the_name() -> None:
    long_ago = [item(due=TODAY - timedelta(days=n), client="Zoe") for n in (8, 90)]  # both at the full weight
    named = [item(client=name) for name in ("王丽", "Bob", "Ann")]
    ranked = [(r.item.due, r.item.client) for r in rank([*named, *long_ago], MORNING, DEFAULTS)]
    assert ranked == [
        (TODAY - timedelta(days=90), "Zoe"),
        (TODAY - timedelta(days=8), "Zoe"),
        (TODAY, "Ann"),
        (TODAY, "Bob"),
        (TODAY, "王丽"),
    ]


def test_a_moment_of_today_goes_before_the_day_itself() -> None:
    ranked = rank([item(due=TODAY), item(due=MORNING + timedelta(hours=8))], MORNING, DEFAULTS)
    assert [isinstance(r.item.due, datetime) for r in ranked] == [True, False]


def test_explain_shows_the_parts_that_add_up(shop: Shop) -> None:
    hot = shop.add("Ann", "--tier", "A", "--tag", "urgent")
    shop.ok("add-follow-up", hot, "today", "call")
    shop.ok("record-complaint", shop.add("Bob", "--tier", "C"), "no heating", "--severity", "major")
    shop.add("Cid", "--birthday", "11-24")
    items = shop.due("--explain", "--as-of", "2026-11-23")
    assert {each["kind"] for each in items} >= {"complaint", "follow-up", "birthday", "inquiry"}
    for each in items:
        assert sum(each["explain"].values()) == pytest.approx(each["urgency"], abs=0.011)
    first = next(each for each in items if each["kind"] == "follow-up")
    assert first["explain"] == {"due": pytest.approx(12 * nearness(2), abs=0.01), "kind": 5, "tier": 6, "urgent": 15}
    assert first["urgency"] == pytest.approx(12 * nearness(2) + 26, abs=0.01)


def test_the_urgent_tag_lifts_whether_it_came_with_the_client_or_later(shop: Shop) -> None:
    for name, *tag in (("Ann", "--tag", "urgent"), ("Bob",), ("Cid",)):
        shop.ok("add-follow-up", shop.add(name, *tag), "today")
    shop.ok("tag", "Bob", "vip", "Urgent")
    assert [each["client"] for each in shop.due(kind="follow-up")] == ["Ann", "Bob", "Cid"]
    assert shop.due(kind="follow-up")[1]["urgency"] > 15
    shop.ok("untag", "Bob", "urgent")
    assert shop.due(kind="follow-up")[1]["urgency"] < 15


# The naive queue, from the tables alone.


class Due(NamedTuple):
    kind: str
    id: int
    client: str
    due: When
    tier: str
    urgent: bool


class World(NamedTuple):
    """When and where the agent looks, and by which rules."""

    now: datetime
    settings: Settings

    @property
    def zone(self) -> ZoneInfo:
        assert isinstance(self.now.tzinfo, ZoneInfo)
        return self.now.tzinfo

    def instant(self, text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(self.zone)

    def after(self, text: str, span: str) -> When:
        """A stored instant and so many hours of elapsed time, or local days, later."""
        start, number = datetime.fromisoformat(text), int(span[:-1])
        if span.endswith("d"):
            return start.astimezone(self.zone).date() + timedelta(days=number)
        return (start + timedelta(hours=number)).astimezone(self.zone)

    def deadline(self, due: When) -> datetime:
        """In UTC, for in a zone of its own a datetime compares by the clock on the wall."""
        return (due if isinstance(due, datetime) else end_of(due, self.zone)).astimezone(UTC)

    def is_overdue(self, due: When) -> bool:
        return due.astimezone(UTC) < self.now.astimezone(UTC) if isinstance(due, datetime) else due < self.now.date()

    def key(self, found: Due) -> tuple[float, datetime, str]:
        weigh, days = self.settings.weight, (self.now.date() - day_of(found.due, self.zone)).days
        kind = {"complaint": "complaint", "follow-up": "follow_up", "touch": "touch"}.get(found.kind, "other")
        if found.kind == "complaint" and self.is_overdue(found.due):
            kind = "breached"
        if found.kind == "birthday" and not days:
            kind = "care"
        share = 0.2 if days <= -14 else 1.0 if days >= 7 else 0.2 + 0.8 * (days + 14) / 21
        total = weigh("urgency.due") * share + weigh(f"urgency.{kind}")
        total += (weigh(f"urgency.tier_{found.tier}") if found.tier else 0) + found.urgent * weigh("urgency.urgent")
        return (-round(total, 2), self.deadline(found.due), found.client)


def naive_queue(shop: Database, world: World, *, only_overdue: bool) -> list[Due]:
    """Everything due, in order, caps and limit aside."""
    rows = {
        table: [dict(row) for row in shop.conn.execute(f"SELECT * FROM {table}")]
        for table in ("clients", "client_tags", "contacts", "follow_ups", "complaints", "complaint_steps")
    }
    today = world.now.date()

    def of(table: str, client: dict[str, Any]) -> list[dict[str, Any]]:
        return [row for row in rows[table] if row["client_id"] == client["id"]]

    def promised(row: dict[str, Any]) -> When:
        return date.fromisoformat(row["due_day"]) if row["due_day"] else world.instant(row["due_at"])

    def everything() -> Iterator[Due]:
        for client in rows["clients"]:
            tier, name = client["tier"] or "", client["name"]
            urgent = any(row["tag"] in ("urgent", "紧急") for row in of("client_tags", client))
            resting = bool(client["archived_at"] or client["do_not_contact"])
            talks = sorted((row["at"], row["id"], row["direction"]) for row in of("contacts", client))
            promises = [row for row in of("follow_ups", client) if row["status"] == "open"]

            def about(kind: str, number: int, due: When) -> Due:
                return Due(kind, number, name, due, tier, urgent)  # noqa: B023  # used up before the next client

            for row in promises:
                yield about("follow-up", row["id"], promised(row))
            for row in of("complaints", client):
                if row["status"] == "open":
                    steps = [s for s in rows["complaint_steps"] if s["complaint_id"] == row["id"] and not s["done_at"]]
                    current = min(s["position"] for s in steps if s["round"] == row["round"])
                    (due,) = [s["due_at"] for s in steps if (s["round"], s["position"]) == (row["round"], current)]
                    yield about("complaint", row["id"], world.instant(due))
                elif row["status"] == "resolved":
                    yield about("complaint", row["id"], world.instant(row["confirm_by"]))
                elif row["call_back_due"] and not row["called_back_at"]:
                    yield about("call-back", row["id"], date.fromisoformat(row["call_back_due"]))
            asked = client["created_at"] if not talks and client["origin"] == "manual" and not resting else None
            answered = max((talk for talk in talks if talk[2] == "out"), default=("", 0, ""))
            asked = min((talk[0] for talk in talks if talk[2] == "in" and talk > answered), default=asked)
            if asked:
                yield about("inquiry", client["id"], world.after(asked, world.settings.text("inquiry.answer_within")))
            if resting:
                continue
            if tier and not promises:
                started = max([client["tier_set_at"], *(talk[0] for talk in talks)])
                yield about("touch", client["id"], world.after(started, world.settings.text(f"touch.{tier}")))
            every = f"{world.settings.count('profile.verify_days')}d"
            yield about("profile", client["id"], world.after(client["verified_at"], every))
            if client["birth_month"]:
                before, ahead = (world.settings.count(f"birthday.{days}_days") for days in ("belated", "notice"))
                for away in range(-before, ahead + 1):
                    day = today + timedelta(days=away)
                    born = (client["birth_month"], client["birth_day"])
                    is_leap_kept = (
                        born == (2, 29) and f"{day:%m-%d}" == "02-28" and f"{day + timedelta(days=1):%d}" == "01"
                    )
                    spoken = talks and world.instant(talks[-1][0]) >= start_of(day, world.zone)
                    if (born == (day.month, day.day) or is_leap_kept) and not spoken:
                        yield about("birthday", client["id"], day)

    def is_wanted(found: Due) -> bool:
        if only_overdue:
            return world.is_overdue(found.due)
        waits = found.kind in ("complaint", "birthday")  # a running complaint always, a birthday within its notice
        return waits or day_of(found.due, world.zone) <= today

    return sorted(filter(is_wanted, everything()), key=world.key)


def capped(found: list[Due], world: World) -> list[Due]:
    """The same with a day's most touches and profiles."""
    kept: list[Due] = []
    for one in found:
        cap = world.settings.count(f"{one.kind}.daily_cap") if one.kind in ("touch", "profile") else 10_000
        if sum(other.kind == one.kind for other in kept) < cap:
            kept.append(one)
    return kept


MORNINGS = st.sampled_from(
    [
        MORNING,
        datetime(2027, 2, 27, 23, 59, 59, tzinfo=HERE),
        datetime(2028, 2, 28, tzinfo=HERE),
        # A day of 25 hours, in its second 02:30; one of 23; the days after them.
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
        datetime(2026, 10, 26, 8, 30, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2026, 3, 29, 12, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2026, 3, 30, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")),
    ]
)
NAMES = st.sampled_from(["Ann", "Bob", "王丽", "ann", "Zoë"])
TIERS = st.sampled_from([None, "A", "B", "C"])
SPANS = st.sampled_from(["1h", "24h", "48h", "1d", "2d", "7d"])
# Hours around now, crowded at the edges of days and intervals, so that ties and bounds happen.
HOURS = st.one_of(st.integers(-24 * 20, 24 * 20), st.sampled_from([0, 1, -1, 24, -24, 48, -48, 168, -168]))
PAST = HOURS.map(lambda hours: -abs(hours))
RULES = st.fixed_dictionaries(
    {},
    optional={
        "touch__A": SPANS,
        "touch__B": SPANS,
        "inquiry__answer_within": SPANS,
        "touch__daily_cap": st.integers(0, 3),
        "profile__daily_cap": st.integers(0, 3),
        "profile__verify_days": st.integers(1, 20),
        "birthday__notice_days": st.integers(0, 14),
        "birthday__belated_days": st.integers(0, 14),
        "urgency__urgent": st.sampled_from([0, 3, 15]),
        "urgency__tier_A": st.sampled_from([0, 6]),
        "urgency__tier_C": st.sampled_from([0, 1.8, 9]),
        "urgency__due": st.sampled_from([0, 12]),
    },
)


@st.composite
def a_random_shop(draw: st.DrawFn) -> tuple[Database, World]:
    """A small shop in which much falls due together."""
    now = draw(MORNINGS)
    shop = ram_shop()

    def at(hours: int) -> str:
        return to_utc_text(now.astimezone(UTC) + timedelta(hours=hours))

    def some(most: int) -> range:
        return range(draw(st.integers(0, most)))

    with shop.write(done_now()):
        for _ in some(7):
            tier, born = draw(TIERS), draw(st.none() | st.dates(now.date() - timedelta(9), now.date() + timedelta(9)))
            if born and born == date(2028, 2, 28):
                born = date(2028, 2, 29)
            client = a_client(
                shop.conn,
                name=draw(NAMES),
                tier=tier,
                tier_set_at=at(draw(PAST)) if tier else None,
                origin=draw(st.sampled_from(["manual", "import"])),
                created_at=at(draw(PAST)),
                verified_at=at(draw(PAST)),
                birth_month=born and born.month,
                birth_day=born and born.day,
                archived_at=draw(st.sampled_from([None, None, at(0)])),
                do_not_contact=draw(st.sampled_from([0, 0, 0, 1])),
            )
            if draw(st.booleans()):
                tag = draw(st.sampled_from(["urgent", "紧急", "vip"]))
                shop.conn.execute("INSERT OR IGNORE INTO client_tags (client_id, tag) VALUES (?, ?)", (client, tag))
            for _ in some(3):
                talk = {"at": at(draw(PAST)), "direction": draw(st.sampled_from(["in", "out"])), "channel": "call"}
                insert(shop.conn, "contacts", client_id=client, text="x", agent="", created_at=at(0), **talk)
            for _ in some(3):
                due = at(draw(HOURS))
                state = draw(st.sampled_from(["open", "open", "done"]))
                promise = {"due_at": due} if draw(st.booleans()) else {"due_day": due[:10]}
                promise |= {"status": state, "agent": ""} | ({} if state == "open" else {"closed_at": at(0)})
                insert(shop.conn, "follow_ups", client_id=client, created_at=at(0), **promise)
            for _ in some(1):
                status = draw(st.sampled_from(["open", "resolved", "closed"]))
                row: dict[str, Any] = {
                    "client_id": client,
                    "severity": "major",
                    "text": "x",
                    "agent": "",
                    "opened_at": at(-200),
                }
                if status != "open":
                    row |= {"resolved_at": at(-100)}
                if status == "resolved":
                    row |= {"confirm_by": at(draw(HOURS))}
                if status == "closed":
                    row |= {"closed_at": at(-90), "call_back_due": at(draw(HOURS))[:10]}
                    row |= {"called_back_at": draw(st.sampled_from([None, at(0)]))}
                number = insert(shop.conn, "complaints", status=status, round=2, **row)
                left = draw(st.integers(1, 3))
                for turn, position in ((1, 1), (2, 1), (2, 2), (2, 3)):
                    done = None if turn == 2 and position >= left and status == "open" else at(-1)
                    step: dict[str, Any] = {
                        "round": turn,
                        "position": position,
                        "due_at": at(draw(HOURS)),
                        "done_at": done,
                    }
                    insert(shop.conn, "complaint_steps", complaint_id=number, step="s", role="r", **step)
    return shop, World(now, settings(**draw(RULES)))


@given(a_random_shop(), st.none() | st.integers(0, 9), st.booleans(), st.booleans())
@examples(max_examples=250, deadline=None)
def test_the_queue_is_the_first_of_the_naive_one(
    made: tuple[Database, World], limit: int | None, only_overdue: bool, with_caps: bool
) -> None:
    shop, world = made
    by = world.now if only_overdue else end_of(world.now.date(), world.zone)
    queue = due_queue(shop.conn, DueWindow(world.now, by, world.settings, capped=with_caps), limit)
    naive = naive_queue(shop, world, only_overdue=only_overdue)
    expected = (capped(naive, world) if with_caps else naive)[:limit]
    shown = [
        Due(r.item.kind.name, r.item.id, r.item.client, r.item.due, r.item.tier, r.item.urgent) for r in queue.ranked
    ]
    # Of items that tie in urgency, deadline and name either may be shown.
    assert [world.key(one) for one in shown] == [world.key(one) for one in expected]
    assert set(shown) <= set(naive)
    assert len(set(shown)) == len(shown)
    for kind, count in queue.counts.items():
        of_kind = [one for one in naive if one.kind == kind]
        assert (kind, count.due) == (kind, len(of_kind))
        assert (kind, count.overdue) == (kind, sum(world.is_overdue(one.due) for one in of_kind))
    assert queue.cut == len(capped(naive, world) if with_caps else naive) - len(shown)
    shop.close()


def test_the_queue_reads_indexes_and_never_a_whole_table() -> None:
    shop = ram_shop()
    with shop.write(done_now()):
        client = a_client(shop.conn, tier="A", tier_set_at="2026-01-01T00:00:00Z", birth_month=11, birth_day=22)
        insert(
            shop.conn, "follow_ups", client_id=client, due_day="2026-11-01", agent="", created_at="2026-01-01T00:00:00Z"
        )
        hot = a_client(shop.conn, tier="B", tier_set_at="2026-01-01T00:00:00Z", verified_at="2020-01-01T00:00:00Z")
        talk = {"at": "2026-11-01T00:00:00Z", "direction": "in", "channel": "call", "text": "x", "agent": ""}
        insert(shop.conn, "contacts", client_id=hot, created_at="2026-11-01T00:00:00Z", **talk)
    window = DueWindow(MORNING, end_of(TODAY, HERE), DEFAULTS)
    found = plans(shop.conn, statements(shop.conn, lambda: due_queue(shop.conn, window, 50)))
    assert len(found) > 50
    for sql, steps in found.items():
        for step in steps:
            is_small = any(part in step for part in ("complaints_", "VIRTUAL TABLE", "subquery"))
            assert is_small or not step.startswith("SCAN"), (sql, step)
    used = " ".join(step for steps in found.values() for step in steps)
    for index in (
        "standing_due_day", "standing_due_at", "standing_inquiry", "standing_touch", "standing_verified",
        "standing_birthday", "follow_ups_day", "follow_ups_at", "complaints_running", "complaints_call_back",
    ):  # fmt: skip
        assert index in used, index
