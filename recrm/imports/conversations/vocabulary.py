"""Other programs' words for how people talked, who began, and what was only planned."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from recrm.imports.columns.headers import key_of, names_by_word
from recrm.imports.columns.values import truth_of

_CHANNELS = names_by_word("""
call: call, calls, phone, phone call, phonecall, telephone, tel, dial, voicemail, left voicemail, voice call,
  logged call, dialer call, 电话, 通话, 打电话, 电话沟通, 电话跟进, 电话回访, 电话联系, 语音通话, 手机, 来电, 呼入,
  客户来电, 未接来电, missed call, 去电, 呼出, 拨出, 外呼
wechat: wechat, weixin, wx, wechat message, wecom, 微信, 微信聊天, 微信沟通, 微信跟进, 微信消息, 企业微信, 企微
meeting: meeting, meetings, visit, in person, face to face, appointment, lunch, coffee, event, office visit, 面谈,
  面访, 拜访, 到店, 到访, 来访, 上门, 见面, 会面, 当面, 店访, 上门拜访, 门店接待, 接待
viewing: viewing, showing, property showing, tour, open house, property viewing, 看房, 带看, 复看, 看盘, 实勘
email: email, emails, mail, logged email, 邮件, 电子邮件, 邮箱
sms: sms, text, text message, texts, imessage, 短信, 短消息, 发短信
whatsapp: whatsapp, whats app, whatsapp message
other: other, note, notes, task, todo, to do, memo, 其他, 其它, 备注, 笔记, 任务, 记录
""")
_DIRECTIONS = names_by_word("""
in: in, incoming, inbound, received, receive, missed, client, customer, contact, lead, from client, i, 来电, 呼入,
  接入, 客户, 对方, 收, 收到, 接收, 来, 被叫, 客户来电, 客户发起, 客户主动, 未接, 未接来电, 进, missed call
out: out, outgoing, outbound, sent, send, agent, user, us, me, to client, o, email, forwarded email, internal, 去电,
  呼出, 拨出, 外呼, 发, 发出, 发送, 已发送, 去, 主叫, 我方, 我, 经纪人, 员工, 销售, 主动联系, 出
""")
_NOT_DONE = names_by_word("""
planned: not started, open, planned, scheduled, to do, pending, in progress, deferred, waiting, upcoming, overdue,
  draft, waiting on someone else, canceled, cancelled, no, false, 未完成, 未开始, 待办, 计划中, 进行中, 已取消, 取消,
  否, 待处理
""")
CHANNELS = frozenset(_CHANNELS)
_CHANNEL_OF = {key_of(name): channel for channel, names in _CHANNELS.items() for name in names}
_DIRECTION_OF = {key_of(name): direction for direction, names in _DIRECTIONS.items() for name in names}
_PLANNED = {key_of(name) for name in _NOT_DONE["planned"]}
_BEGAN = re.compile("^(?:(incoming|inbound|received)|(?:outgoing|outbound|sent))|(received)$|sent$")
_FLAGGED = re.compile("incoming|inbound")
# How the names of the columns begin in an export of one kind of activity.
_KINDS = {"call": "call", "email": "email", "meeting": "meeting", "通话": "call", "带看": "viewing", "拜访": "meeting",
          "聊天": "wechat"}  # fmt: skip


class How(NamedTuple):
    """How people talked, and who began where the same word says so."""

    channel: str
    direction: str = ""


@lru_cache(maxsize=1024)
def channel_of(text: str) -> How | None:
    """`INCOMING_EMAIL` is an email from the client, 带看 a viewing; None for a word that is no channel known here."""
    key = key_of(text)
    if key in _CHANNEL_OF:
        channel = _CHANNEL_OF[key]
        return How(channel, _DIRECTION_OF.get(key, "") if channel == "call" else "")  # 来电, 去电
    if found := _BEGAN.search(key):
        rest = key[: found.start()] + key[found.end() :]
        if not rest or rest in _CHANNEL_OF:
            return How(_CHANNEL_OF.get(rest, ""), _began(found))
    return None


@lru_cache(maxsize=1024)
def direction_of(text: str, header: str) -> str | None:
    """`in` or `out`; None for a word that says neither. “Yes” counts in a column called Is incoming."""
    if (truth := truth_of(text.strip())) is not None and _FLAGGED.search(key_of(header)):
        return "in" if truth else "out"
    key = key_of(text)
    found = _BEGAN.search(key)
    return _DIRECTION_OF.get(key) or (_began(found) if found else None)


def _began(found: re.Match[str]) -> str:
    return "in" if found[1] or found[2] else "out"


def is_planned(text: str) -> bool:
    """Whether a status says that this has not taken place."""
    return text.strip() == "0" or key_of(text) in _PLANNED


def channel_of_header(names: list[str]) -> str:
    """What an export of one kind of activity holds: one with “Call notes” holds calls; empty where it does not say."""
    keys = [key_of(name) for name in names]
    begun = (_KINDS[start] for key in keys for start in _KINDS if key.startswith(start) and key != start)
    return next(begun, "")
