"""What the ways to talk are called by a person, in the language spoken."""

from __future__ import annotations

from recrm.core.i18n import N_, _

_CHANNELS = {
    "call": N_("call"),
    "wechat": N_("wechat"),
    "meeting": N_("meeting"),
    "viewing": N_("viewing"),
    "email": N_("email"),
    "sms": N_("sms"),
    "whatsapp": N_("whatsapp"),
    "other": N_("other"),
}


_DIRECTIONS = {"in": N_("they began"), "out": N_("we began")}


def direction_label(direction: str) -> str:
    """Who began."""
    return _(_DIRECTIONS[direction])


def channel_label(channel: str) -> str:
    """A channel; one that recrm does not know is shown as it is."""
    return _(_CHANNELS[channel]) if channel in _CHANNELS else channel
