"""Other programs' words for how people talked, who began, and what was only planned."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from recrm.imports.columns.headers import key_of

_CHANNELS = {
    "call": (
        "call, calls, phone, phone call, phonecall, telephone, tel, dial, voicemail, left voicemail, voice call, "
        "logged call, dialer call, 电话, 通话, 打电话, 电话沟通, 电话跟进, 电话回访, 电话联系, 语音通话, 手机"
    ),
    "wechat": "wechat, weixin, wx, wechat message, wecom, 微信, 微信聊天, 微信沟通, 微信跟进, 微信消息, 企业微信, 企微",
    "meeting": (
        "meeting, meetings, visit, in person, face to face, appointment, lunch, coffee, event, office visit, 面谈, "
        "面访, 拜访, 到店, 到访, 来访, 上门, 见面, 会面, 当面, 店访, 上门拜访, 门店接待, 接待"
    ),
    "viewing": "viewing, showing, property showing, tour, open house, property viewing, 看房, 带看, 复看, 看盘, 实勘",
    "email": "email, emails, mail, logged email, 邮件, 电子邮件, 邮箱",
    "sms": "sms, text, text message, texts, imessage, 短信, 短消息, 发短信",
    "whatsapp": "whatsapp, whats app, whatsapp message",
    "other": "other, note, notes, task, todo, to do, memo, 其他, 其它, 备注, 笔记, 任务, 记录",
}
_CHANNEL_WORDS = {key_of(word): channel for channel, words in _CHANNELS.items() for word in words.split(", ")}
CHANNELS = frozenset(_CHANNELS)
# Words that say both how and who began.
_BOTH = {
    "来电": ("call", "in"), "呼入": ("call", "in"), "客户来电": ("call", "in"), "未接来电": ("call", "in"),
    "去电": ("call", "out"), "呼出": ("call", "out"), "拨出": ("call", "out"), "外呼": ("call", "out"),
    "missed call": ("call", "in"), "incoming": ("", "in"), "inbound": ("", "in"), "outgoing": ("", "out"),
    "outbound": ("", "out"),
}  # fmt: skip
_BOTH_WORDS = {key_of(word): both for word, both in _BOTH.items()}
_BEGAN = re.compile(r"^(?:(incoming|inbound|received)|(outgoing|outbound|sent))(?=.)|(?<=.)(received)$|(?<=.)(sent)$")
_IN = (
    "in, incoming, inbound, received, receive, missed, client, customer, contact, lead, from client, i, 来电, 呼入, "
    "接入, 客户, 对方, 收, 收到, 接收, 来, 被叫, 客户来电, 客户发起, 客户主动, 未接, 未接来电, 进"
)
_OUT = (
    "out, outgoing, outbound, sent, send, agent, user, us, me, to client, o, email, forwarded email, internal, 去电, "
    "呼出, 拨出, 外呼, 发, 发出, 发送, 已发送, 去, 主叫, 我方, 我, 经纪人, 员工, 销售, 主动联系, 出"
)
_DIRECTIONS = {key_of(word): "in" for word in _IN.split(", ")} | {key_of(word): "out" for word in _OUT.split(", ")}
_FLAGGED = re.compile("incoming|inbound")
_YES, _NO = {"yes", "true", "y", "是", "1"}, {"no", "false", "n", "否", "0"}
_NOT_DONE = {
    key_of(word)
    for word in (
        "not started, open, planned, scheduled, to do, pending, in progress, deferred, waiting, upcoming, overdue, "
        "draft, waiting on someone else, canceled, cancelled, no, false, 未完成, 未开始, 待办, 计划中, 进行中, "
        "已取消, 取消, 否, 待处理"
    ).split(", ")
}


class How(NamedTuple):
    """How people talked, and who began where the same word says so."""

    channel: str
    direction: str = ""


@lru_cache(maxsize=1024)
def channel_of(text: str) -> How | None:
    """`INCOMING_EMAIL` is an email from the client, 带看 a viewing; None for a word that is no channel known here."""
    key = key_of(text)
    if key in _CHANNEL_WORDS:
        return How(_CHANNEL_WORDS[key])
    if key in _BOTH_WORDS:
        return How(*_BOTH_WORDS[key])
    if found := _BEGAN.search(key):
        rest = key[: found.start()] + key[found.end() :]
        if rest in _CHANNEL_WORDS:
            return How(_CHANNEL_WORDS[rest], "in" if found[1] or found[3] else "out")
    return None


@lru_cache(maxsize=1024)
def direction_of(text: str, header: str) -> str | None:
    """`in` or `out`; None for a word that says neither. “Yes” counts in a column called Is incoming."""
    plain = text.strip().casefold()
    if plain in _YES | _NO and _FLAGGED.search(key_of(header)):
        return "in" if plain in _YES else "out"
    key = key_of(text)
    if key in _DIRECTIONS:
        return _DIRECTIONS[key]
    found = _BEGAN.search(key)
    return ("in" if found[1] or found[3] else "out") if found else None


def is_planned(text: str) -> bool:
    """Whether a status says that this has not taken place."""
    return text.strip() == "0" or key_of(text) in _NOT_DONE


def channel_of_header(names: list[str]) -> str:
    """What an export of one kind of activity holds: one with “Call notes” holds calls; empty where it does not say."""
    for name in names:
        key = key_of(name)
        for start, channel in (("call", "call"), ("email", "email"), ("meeting", "meeting"), ("通话", "call"),
                               ("带看", "viewing"), ("拜访", "meeting"), ("聊天", "wechat")):  # fmt: skip
            if key.startswith(start) and key != start:
                return channel
    return ""
