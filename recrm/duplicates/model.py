"""How likely two clients are one: evidence added up, contradictions taken off, each with its reason in words.

A score of 100 is as good as certain and 50 worth a look. A phone or email is the best evidence, though families and
firms share them; a name says more the fewer clients bear it: 张伟 says nothing in a shop with a hundred of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from recrm.clients.suppression import identity
from recrm.core.i18n import N_, _
from recrm.core.text import fold
from recrm.duplicates.name_similarity import Name, NameSimilarity, likeness

LEAST = 50
# Among more clients of one name than this, the name alone makes no pair; a birthday, address or phone beside it does.
MANY = 8

Key = tuple[str, str]  # what kind of evidence, and what two spellings of it have in common

_SAME = {
    "phone": N_("same phone {shown}"),
    "email": N_("same email {shown}"),
    "wechat": N_("same WeChat {shown}"),
    "whatsapp": N_("same WhatsApp {shown}"),
    "qq": N_("same QQ {shown}"),
}
_STRANGE = {
    "phone": N_("same phone {shown}, but quite different names"),
    "email": N_("same email {shown}, but quite different names"),
}
_FAMILY = {
    "phone": N_("same phone {shown}, but another given name: maybe one family"),
    "email": N_("same email {shown}, but another given name: maybe one family"),
}
_DIFFERENT = {"phone": N_("different phones"), "email": N_("different emails")}


def evidence_of(kind: str, key: str) -> Key | None:
    """What a contact point proves, whatever app it was written under; None where it cannot tell who somebody is."""
    if kind == "address":
        return kind, key
    proof = identity(kind, key)
    if proof is None:
        return None
    proven, _colon, rest = proof.partition(":")
    return proven, rest


class Point(NamedTuple):
    """A contact point as it is shown, and the extensions it is known with."""

    shown: str
    extensions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of a client."""

    id: int
    name: Name
    is_company: bool
    born: tuple[int | None, int, int] | None  # year, month, day
    occupation: str
    referrer_id: int | None
    points: Mapping[Key, Point]


class Rarity(NamedTuple):
    """How many clients share what two of them share: a name, a reading, or a contact point."""

    names: int
    readings: int
    points: Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clients who may be one, the one more worth keeping first."""

    score: int
    reasons: tuple[str, ...]
    ids: tuple[int, int]


def score_pair(one: Person, other: Person, rarity: Rarity) -> tuple[int, list[str]]:
    """A score from 0 to 100 and the reasons, the weightiest first."""
    like = likeness(one.name, other.name)
    proofs = _shared_points(one, other, like, rarity.points)
    named = _names(one, other, like, rarity, bool(proofs))
    aside = _beside(one, other)
    found = sorted([*proofs, *named, *aside], key=lambda reason: -abs(reason[0]))
    best = max((points for points, _reason in proofs), default=0)
    more = 10 * max(0, len([points for points, _reason in proofs if points > 15]) - 1)
    total = best + more + sum(points for points, _reason in (*named, *aside))
    if not proofs and like < NameSimilarity.SHORT:
        # A birthday or an address that strangers share says little where not even the names agree.
        total = min(total, LEAST + 5 if like in (NameSimilarity.SOUND, NameSimilarity.NEAR) else LEAST - 20)
    return max(0, min(100, total)), [reason for _points, reason in found if reason]


Reason = tuple[int, str]


def _shared_points(one: Person, other: Person, like: NameSimilarity, counts: Mapping[Key, int]) -> list[Reason]:
    found = []
    for key in one.points.keys() & other.points.keys():
        kind, extensions = key[0], one.points[key].extensions
        # Of 13800138000, a WeChat id, and +86 138 0013 8000 the latter.
        shown = max(one.points[key].shown, other.points[key].shown, key=lambda text: (text.startswith("+"), text))
        if kind == "address":
            continue
        sharing = counts.get(key, 2)
        if kind == "phone" and extensions.isdisjoint(other.points[key].extensions):
            number = shown.partition(" ext. ")[0]
            found.append((15, _("same number {number}, another extension: maybe one firm", number=number)))
            continue
        if kind in ("phone", "email") and like <= NameSimilarity.FAMILY:
            templates = _FAMILY if like == NameSimilarity.FAMILY else _STRANGE
            found.append((45 if sharing <= 3 else 25, _(templates[kind], shown=shown)))
            continue
        reason = _(_SAME[kind], shown=shown)
        if sharing > 3:
            reason = _("{reason}, which {count} clients have", reason=reason, count=sharing)
        found.append((60 if sharing <= 3 else 45 if sharing <= 6 else 25, reason))
    return found


_FULL = {
    NameSimilarity.SAME: (60, N_("same name")),
    NameSimilarity.READ: (58, N_("same name in other letters")),
    NameSimilarity.TYPO: (52, N_("names a letter or two apart")),
    NameSimilarity.SHORT: (30, N_("one name is a short form of the other")),
    NameSimilarity.SOUND: (25, N_("names that sound the same")),
    NameSimilarity.NEAR: (15, N_("names one character apart")),
    NameSimilarity.OPEN: (5, ""),
}


def _names(one: Person, other: Person, like: NameSimilarity, rarity: Rarity, has_proof: bool) -> list[Reason]:
    if like <= NameSimilarity.FAMILY:
        # Beside a shared phone the difference is said there.
        return [] if has_proof else [(-30, "")]
    points, template = _FULL[like]
    reason = _(template)
    bearers = rarity.names if like == NameSimilarity.SAME else rarity.readings
    if not (one.name.is_full and other.name.is_full):
        points = min(points, 30)
    if like in (NameSimilarity.SAME, NameSimilarity.READ) and bearers > 2:
        points = min(points, 52 if bearers <= 4 else 42 if bearers <= MANY else 35 if bearers <= 20 else 25)
        reason = _("{reason}, which {count} clients have", reason=reason, count=bearers)
    found = [(points, reason)]
    if one.is_company != other.is_company:
        found.append((-10, _("one is a company")))
    return found


def _beside(one: Person, other: Person) -> list[Reason]:
    """What is no proof by itself."""
    found = []
    if one.born and other.born:
        found.append(_birthdays(one.born, other.born))
    addresses = {key for key in one.points.keys() & other.points.keys() if key[0] == "address"}
    if addresses:
        found.append((15, _("same address")))
    if one.occupation and fold(one.occupation) == fold(other.occupation):
        found.append((5, _("same occupation")))
    if one.referrer_id and one.referrer_id == other.referrer_id:
        found.append((5, _("sent by the same client")))
    if other.id == one.referrer_id or one.id == other.referrer_id:
        found.append((-10, _("one sent the other")))
    for kind, template in _DIFFERENT.items():
        own, others = _of_kind(one, kind), _of_kind(other, kind)
        if own and others and own.isdisjoint(others):
            found.append((-6, _(template)))
    return found


def _of_kind(person: Person, kind: str) -> set[Key]:
    return {key for key in person.points if key[0] == kind}


def _birthdays(one: tuple[int | None, int, int], other: tuple[int | None, int, int]) -> Reason:
    years = None not in (one[0], other[0])
    if one[1:] == other[1:]:
        if years and one[0] != other[0]:
            return -20, _("birthdays in different years")
        return (25, _("same birthday")) if years else (12, _("same birthday, as far as known"))
    if one[1:] == other[:0:-1] and (not years or one[0] == other[0]):
        return 5, _("same birthday with day and month swapped")
    return -30, _("different birthdays")
