"""What a contact is: one logged conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recrm.core.errors import UsageError
from recrm.core.i18n import N_


class Channel(StrEnum):
    """How people talked."""

    CALL = "call"
    WECHAT = "wechat"
    MEETING = "meeting"
    VIEWING = "viewing"
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    OTHER = "other"


class Direction(StrEnum):
    """Who began: `out` we did, `in` the client did, which asks for an answer."""

    OUT = "out"
    IN = "in"


# As they may be typed in Chinese.
CHANNEL_SYNONYMS = {
    "电话": "call",
    "微信": "wechat",
    "面谈": "meeting",
    "带看": "viewing",
    "邮件": "email",
    "短信": "sms",
    "其他": "other",
}
DIRECTION_SYNONYMS = {"我方主动": "out", "客户主动": "in"}


@dataclass(frozen=True, slots=True)
class Contact:
    """One conversation: what was said, how the client reacted, what comes next."""

    id: int
    client_id: int
    client: str
    at: datetime
    direction: str
    channel: str
    text: str
    feedback: str | None
    next_step: str | None
    agent: str


class ContactEmpty(UsageError):
    """A contact without a word."""

    def __init__(self) -> None:
        super().__init__(
            N_("A contact needs a word on what was said."),
            N_('Type it last, such as `recrm log 王丽 "wants a second viewing"`.'),
        )
