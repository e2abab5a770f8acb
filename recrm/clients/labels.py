"""What a client's kind, types and contact points are called by a person, in the language spoken."""

from __future__ import annotations

from collections.abc import Iterable

from recrm.clients.fieldtable import POINTS
from recrm.core.i18n import N_, _
from recrm.core.labels import enumeration

_KINDS = {"person": N_("person"), "company": N_("company")}
_TYPES = {"buyer": N_("buyer"), "seller": N_("seller"), "tenant": N_("tenant"), "landlord": N_("landlord")}


def kind_label(kind: str) -> str:
    """`person` or `company`."""
    return _(_KINDS[kind])


def types_label(types: Iterable[str]) -> str:
    """What a client is to us: `buyer, landlord`."""
    return enumeration(_(_TYPES[each]) for each in types)


def point_label(kind: str) -> str:
    """A kind of contact point: `Phone`."""
    return _(POINTS[kind].label)
