"""Complaints from the first call to the last: every story is played by the rules, so that its rows agree.

`STATES` are those of a morning with everything on the list: a breached clock, one with minutes left, a late
step, a client to be asked, a second round, a call-back. All others were closed long ago.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from recrm.core.intervals import Interval
from recrm.core.settings import Settings
from recrm.setup.sample.chance import pick, share
from recrm.setup.sample.clock import Clock, stored
from recrm.setup.sample.complaint_texts import ALONG, DONE, ComplaintText, complaint_texts

Row = tuple[object, ...]
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Rules:
    """What the config demands, in seconds and days."""

    steps: dict[str, list[tuple[str, str, int]]]
    confirm_within: int
    call_back_days: int

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """From the effective settings."""

        def seconds(value: str) -> int:
            return int(Interval.of(value).elapsed().total_seconds())

        return cls(
            steps={
                severity: [
                    (step["step"], step["role"], seconds(step["within"])) for step in settings[f"complaint.{severity}"]
                ]
                for severity in ("general", "major", "maintenance")
            },
            confirm_within=seconds(settings.text("complaint.confirm_within")),
            call_back_days=settings.count("complaint.call_back_days"),
        )


@dataclass(slots=True)
class Story:
    """One complaint as it goes on; `opened` and all other moments in seconds since 1970."""

    client_id: int
    language: str
    severity: str
    agent: str
    opened: int
    rules: Rules
    rng: Random
    clock: Clock
    number: int
    round: int = 1
    resolved: int | None = None
    confirm_by: int | None = None
    closed: int | None = None
    call_back_due: str | None = None
    called_back: int | None = None
    texts: ComplaintText = field(init=False)
    steps: list[list[object]] = field(default_factory=list)
    events: list[tuple[int, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        pool = complaint_texts(self.language, self.severity)
        self.texts = pool[self.number % len(pool)]
        self.events.append((self.opened, "recorded", self.texts.text))
        self._start(self.opened)

    def progress(self, done: int, pace: float, *, first_late: bool = False) -> None:
        """So many steps of this round done, each after that part of its time, or all but the last for -1."""
        begun = next(at for at, event, _ in reversed(self.events) if event in ("recorded", "reopened"))
        planned = self.rules.steps[self.severity]
        for number, (_, _, within) in enumerate(planned[:done]):
            taken = int(min(within, 72 * HOUR) * (1.6 if first_late and number == 0 else pace))
            at = min(begun + taken, self.clock.now)
            note = pick(self.rng, DONE["zh" if self.language == "zh" else "en"])
            self._finish(self.steps[number - len(planned)], at, note)
            self.events.append((at, "progressed", note))

    def resolve(self, at: int) -> None:
        """All is done, at a time when people are awake; the client is to be asked."""
        at = max(self.clock.waking(at), self.events[-1][0] + HOUR // 4)
        for step in self.steps:
            if step[5] is None:
                self._finish(step, at, self.texts.resolution)
        self.events.append((at, "resolved", self.texts.resolution))
        self.resolved, self.confirm_by = at, at + self.rules.confirm_within

    def reopen(self, at: int) -> None:
        """The clocks start anew."""
        self.round += 1
        self.resolved = self.confirm_by = None
        self._happened(at, "reopened")
        self._start(at)

    def close(self, at: int) -> None:
        """The client is satisfied, and is called back after some days."""
        self.closed, self.confirm_by = at, None
        self.call_back_due = self.clock.day(self.clock.ago(at) - self.rules.call_back_days).isoformat()
        self._happened(at, "closed")

    def call_back(self, at: int) -> None:
        """They were called back."""
        self.called_back = at
        self._happened(at, "called-back")

    def row(self, handler: str) -> Row:
        """The complaint's own row, without its id."""
        ended = self.resolved is not None
        moments = [stored(at) if at else None for at in (self.resolved, self.confirm_by, self.closed, self.called_back)]
        status = "closed" if self.closed else "resolved" if ended else "open"
        reasons = (self.texts.cause, self.texts.measures) if ended else (None, None)
        return (
            *(self.client_id, self.severity, self.texts.text, *reasons, handler, status, self.round),
            *(stored(self.opened), moments[0], self.texts.resolution if ended else None),
            *(moments[1], moments[2], self.call_back_due, moments[3], self.agent),
        )

    def _happened(self, at: int, event: str) -> None:
        self.events.append((at, event, ALONG["zh" if self.language == "zh" else "en"][event]))

    def _start(self, at: int) -> None:
        for position, (step, role, within) in enumerate(self.rules.steps[self.severity], start=1):
            self.steps.append([self.round, position, step, role, stored(at + within), None, None, None])

    def _finish(self, step: list[object], at: int, note: str) -> None:
        step[5:] = [stored(at), note, self.agent]


STATES = ("breached", "minutes left", "late step", "to confirm", "again", "call back")
_SEVERITIES = ("major", "general", "maintenance", "general", "general", "maintenance")


def running(rng: Random, clock: Clock, rules: Rules, number: int, client: tuple[int, str, str]) -> Story:
    """The story that is going on today; `number` goes round the states. `client` is id, language and agent."""
    client_id, language, agent = client
    state, severity = STATES[number % 6], _SEVERITIES[number % 6]
    steps = rules.steps[severity]
    last = steps[-1][2]
    spare = int(rng.random() * HOUR)
    opened = {
        "breached": clock.waking(clock.now - steps[min(1, len(steps) - 1)][2] - HOUR - spare),
        "minutes left": clock.now - last + 5 * 60 + spare * 3 // 4,
        "late step": min(clock.now - HOUR, clock.now - last + 7 * HOUR + spare),
        "to confirm": clock.working(rng, 2 + number // 6 % 2),
        "again": clock.working(rng, 6),
        "call back": clock.working(rng, rules.call_back_days + 2 + number // 6 % 3),
    }[state]
    story = Story(client_id, language, severity, agent, opened, rules, rng, clock, number)
    if state == "breached":
        story.progress(1 if len(steps) > 1 else 0, 0.7)
    elif state == "minutes left":
        story.progress(-1, 0.6)
    elif state == "late step":
        story.progress(-1, 0.8, first_late=True)
    elif state == "to confirm":
        story.resolve(max(clock.working(rng, 1), opened + HOUR))
    elif state == "again":
        story.resolve(clock.working(rng, 4))
        story.reopen(min(max(clock.now - last + 4 * HOUR, clock.at(3, 600)), clock.now - HOUR))
        story.progress(-1, 0.5)
    else:
        story.resolve(opened + HOUR * 8)
        story.close(clock.working(rng, rules.call_back_days + number // 6 % 3))
    return story


def over(rng: Random, clock: Clock, rules: Rules, number: int, client: tuple[int, str, str], ago: int) -> Story:
    """A story that ended so many days ago, well or after a second round, the client called back."""
    client_id, language, agent = client
    severity = pick(rng, ("general", "general", "maintenance", "maintenance", "major"))
    opened = clock.working(rng, ago + 10)
    story = Story(client_id, language, severity, agent, opened, rules, rng, clock, number)
    story.progress(-1, 0.7, first_late=share(rng, 0.25))
    within = min(rules.steps[severity][-1][2], 96 * HOUR)
    story.resolve(opened + int(within * (0.8 + rng.random() * 0.4)))
    if share(rng, 0.15):
        story.reopen(clock.working(rng, ago + 5))
        story.progress(-1, 0.6)
        story.resolve(clock.working(rng, ago + 1))
    story.close(clock.working(rng, ago))
    story.call_back(clock.working(rng, max(1, ago - rules.call_back_days)))
    return story
