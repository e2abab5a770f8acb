"""Other programs' words for how people talked, who began, and what was only planned; HTML notes as plain text."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.parser import HTMLParser
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


class Said(NamedTuple):
    """How people talked, and who began where the same word says so."""

    channel: str
    direction: str = ""


@lru_cache(maxsize=1024)
def channel_of(words: str) -> Said | None:
    """`INCOMING_EMAIL` is an email from the client, 带看 a viewing; None for a word that is no channel known here."""
    key = key_of(words)
    if key in _CHANNEL_WORDS:
        return Said(_CHANNEL_WORDS[key])
    if key in _BOTH_WORDS:
        return Said(*_BOTH_WORDS[key])
    if found := _BEGAN.search(key):
        rest = key[: found.start()] + key[found.end() :]
        if rest in _CHANNEL_WORDS:
            return Said(_CHANNEL_WORDS[rest], "in" if found[1] or found[3] else "out")
    return None


@lru_cache(maxsize=1024)
def direction_of(words: str, header: str) -> str | None:
    """`in` or `out`; None for a word that says neither. “Yes” counts in a column called Is incoming."""
    plain = words.strip().casefold()
    if plain in _YES | _NO and _FLAGGED.search(key_of(header)):
        return "in" if plain in _YES else "out"
    key = key_of(words)
    if key in _DIRECTIONS:
        return _DIRECTIONS[key]
    found = _BEGAN.search(key)
    return ("in" if found[1] or found[3] else "out") if found else None


def is_planned(words: str) -> bool:
    """Whether a status says that this has not taken place."""
    return words.strip() == "0" or key_of(words) in _NOT_DONE


def channel_of_header(names: list[str]) -> str:
    """What an export of one kind of activity holds: one with “Call notes” holds calls; empty where it does not say."""
    for name in names:
        key = key_of(name)
        for start, channel in (("call", "call"), ("email", "email"), ("meeting", "meeting"), ("通话", "call"),
                               ("带看", "viewing"), ("拜访", "meeting"), ("聊天", "wechat")):  # fmt: skip
            if key.startswith(start) and key != start:
                return channel
    return ""


_TAGS = (
    "a abbr article b big blockquote body br button center cite code dd del div dl dt em figure font footer form h1 "
    "h2 h3 h4 h5 h6 head header hr html i img ins label li link main mark meta o:p ol p pre s section small span "
    "strike strong style script sub sup table tbody td tfoot th thead title tr tt u ul var"
)
_KNOWN_TAGS = frozenset(_TAGS.split())
_TAG = re.compile(rf"</?(?:{'|'.join(_KNOWN_TAGS)})(?:\s[^<>]*)?/?>|<!--|<!doctype", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_BLOCKS = frozenset(
    "article blockquote body center dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr main ol p pre "
    "section table "
    "tbody tfoot thead tr ul".split()
)
_UNSEEN = frozenset({"head", "script", "style", "title"})
_EMPTY_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+\n")


def plain_text(text: str) -> str:
    """Text out of an HTML note: a line a paragraph, links with their addresses; other text as it is.

    Only tags that HTML knows make it HTML, so that “offer <Bob>” and “3 < 5” stay as they were written.

    >>> plain_text("<p>Saw 2 flats &amp; liked one</p><p><b>Too dear</b></p>")
    'Saw 2 flats & liked one\\nToo dear'
    """
    if "<" in text and _TAG.search(text):
        reader = _Reader()
        reader.feed(text)
        reader.close()
        return _EMPTY_LINES.sub("\n\n", reader.text()).strip()
    return html.unescape(text).replace("\xa0", " ") if "&" in text and _ENTITY.search(text) else text


class _Reader(HTMLParser):
    """Collects what a person would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._unseen: list[str] = []
        self._links: list[tuple[str, int]] = []

    def text(self) -> str:
        return "".join(self._pieces).replace("\xa0", " ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag not in _KNOWN_TAGS:
            self.handle_data(self.get_starttag_text() or "")  # <Bob> is somebody's name
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "li":
            self._begin_line()
            self._pieces.append("- ")
        elif tag in ("td", "th"):
            self._pieces.append(" ")
        elif tag in _BLOCKS:
            self._begin_line()
        elif tag == "a":
            self._links.append((named.get("href") or "", len(self._pieces)))
        elif tag == "img" and (instead := named.get("alt")):
            self._pieces.append(instead)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            if tag in self._unseen:
                del self._unseen[self._unseen.index(tag) :]
        elif tag not in _KNOWN_TAGS:
            self.handle_data(f"</{tag}>")
        elif tag in _BLOCKS or tag == "li":
            self._begin_line()
        elif tag == "a" and self._links:
            address, since = self._links.pop()
            shown = "".join(self._pieces[since:]).strip()
            where = address.removeprefix("mailto:").removeprefix("tel:")
            if where and where != shown and not where.startswith("#"):
                self._pieces.append(f" ({where})" if shown else where)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._pieces.append(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_data(f"<![{data}]>")

    def _begin_line(self) -> None:
        if self._pieces and not self._pieces[-1].endswith("\n"):
            self._pieces.append("\n")
