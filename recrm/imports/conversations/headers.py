"""Column names of logs of conversations, and which field of a contact each one is: data, and its lookup.

What a column of a client is called (phone, email, name) is looked up in `layouts`, so that both imports know the
same names. Of several columns for one date, the one named first here counts: the activity's own date goes before
the day on which somebody typed it in.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from recrm.core.errors import UsageError
from recrm.core.i18n import N_
from recrm.core.text import quoted
from recrm.imports import rejects
from recrm.imports.columns.headers import KNOWN, key_of, keys_of, layout_by, rules_of, target_of
from recrm.imports.columns.mapping import Column, MapNotUnderstood, Mapping, column_called
from recrm.imports.conversations.vocabulary import channel_of

# When somebody typed it in, which may be long after it was.
_ENTERED = (
    "created at, create date, created date, created time, create time, created on, created, creation date, "
    "date created, date added, add time, added at, added on, added, 创建时间, 创建日期, 录入时间, 录入日期, 添加时间, "
    "登记时间, 登记日期"
)
_NAMES = {
    "date": (
        "activity date, activity time, activity timestamp, engagement date, meeting start time, call start time, "
        "call date, call time, meeting date, email send date, email date, sent at, sent on, date sent, sent date, "
        "message date, contacted at, contacted on, contact date, conversation date, occurred at, happened at, "
        "logged at, log date, visit date, viewing date, start time, start date, marked as done time, completed at, "
        "completed date, date completed, completed date/time, timestamp, datetime, date time, date and time, at, "
        "note date, date, day, when, 跟进时间, 跟进日期, 联系时间, 联系日期, 沟通时间, 沟通日期, 回访时间, 回访日期, "
        "拜访时间, 拜访日期, 带看时间, 带看日期, 通话时间, 通话日期, 来电时间, 拨打时间, 呼叫时间, 发送时间, 消息时间, "
        "聊天时间, 发生时间, 开始时间, 记录时间, 记录日期, 日期时间, 日期, due date, time, 时间, " + _ENTERED
    ),
    "time": "time of day, clock time, due time, 具体时间, 时刻",
    "author": (
        "author, agent, user, user name, logged by, recorded by, written by, created by, added by, creator, note "
        "owner, call owner, task owner, activity owner, owner, owner name, activity assigned to, assigned to, "
        "assigned, assigned to user, assigned user, sales rep, staff, 跟进人, 跟进人员, 跟进员工, 记录人, 操作人, "
        "拜访人, 回访人, 员工, 员工姓名, 经纪人, 置业顾问, 顾问, 业务员, 销售, 客户经理, 负责人, 维护人, 归属人, "
        "创建人, 录入人"
    ),
    "channel": (
        "channel, activity type, engagement type, communication type, communication channel, channel type, "
        "contact method, contact type, interaction type, method, medium, task type, task subtype, event type, type, "
        "activity, 跟进方式, 跟进类型, 跟进渠道, 沟通方式, 沟通渠道, 联系渠道, 回访方式, 拜访方式, 活动类型, "
        "消息渠道, 方式, 类型, 渠道"
    ),
    "direction": (
        "direction, call direction, email direction, message direction, call type, in/out, in or out, "
        "inbound/outbound, incoming/outgoing, is incoming, incoming, inbound, is inbound, 方向, 呼叫方向, 呼叫类型, "
        "通话类型, 来去电, 呼入呼出, 收发, 主被叫, 发起方"
    ),
    "text": (
        "text, body, note, notes, note body, note content, note text, content, message, message body, message text, "
        "message content, communication body, conversation, call notes, call note, call body, call summary, "
        "call description, email body, email text, email content, meeting notes, meeting description, "
        "internal meeting notes, task notes, activity notes, activity note, activity description, description, "
        "public description, details, detail, comment, comments, full comments, remark, remarks, summary, transcript, "
        "memo, 内容, 跟进内容, 跟进记录, 跟进情况, 跟进详情, 跟进备注, 跟进描述, 沟通内容, 沟通记录, 联系内容, "
        "联系记录, 聊天内容, 聊天记录, 消息内容, 消息, 通话内容, 通话记录, 通话摘要, 拜访内容, 拜访记录, 带看内容, "
        "带看记录, 回访内容, 回访记录, 记录, 记录内容, 备注, 备注信息, 描述, 说明, 详情, 摘要, 文本, 小记"
    ),
    "subject": (
        "subject, title, note title, call title, call subject, email subject, meeting name, meeting title, "
        "meeting subject, task title, task name, task subject, activity subject, topic, 主题, 标题, 跟进主题, 事项"
    ),
    "feedback": (
        "feedback, client feedback, customer feedback, reaction, outcome, call outcome, meeting outcome, result, "
        "call result, disposition, call disposition, 反馈, 客户反馈, 客户意见, 客户反应, 跟进结果, 沟通结果, 通话结果, "
        "回访结果, 结果"
    ),
    "next_step": "next step, next steps, next action, 下一步, 下一步计划, 下步计划, 后续计划",
    "status": "status, task status, activity status, done, is done, completed, is completed, 状态, 完成状态, 任务状态, "
    "是否完成, 已完成",
    "client": (
        "client, client name, customer, customer name, contact, contact name, contact person, associated contact, "
        "associated contacts, person, person name, lead, lead name, name, full name, parent id, related to, with, "
        "客户, 客户姓名, 客户名称, 客户名, 联系人, 联系人姓名, 姓名"
    ),
    "phone": "from number, to number, contact number, caller, callee, 主叫号码, 被叫号码, 对方号码",
    "email": "from email, to email, email from, email to, email from address, email to address",
    "client_id": "client id, recrm id",
}
_ORDINARY = (*_NAMES, "family_name", "given_name", "wechat")
FIELDS = tuple(dict.fromkeys(_ORDINARY))
# What the clients' own layouts call a column, as a field here.
_OF_CLIENTS = {
    "name": "client", "family_name": "family_name", "given_name": "given_name", "phone": "phone", "email": "email",
    "wechat": "wechat",
}  # fmt: skip
LABELS = {
    "date": N_("Date"), "time": N_("Time"), "author": N_("Author"), "channel": N_("Channel"),
    "direction": N_("Direction"), "text": N_("Text"), "subject": N_("Subject"), "feedback": N_("Feedback"),
    "next_step": N_("Next step"), "status": N_("Status"), "client": N_("Client"), "phone": N_("Phone"),
    "email": N_("Email"), "wechat": N_("WeChat"), "client_id": N_("Client id"), "family_name": N_("Family name"),
    "given_name": N_("Given name"),
}  # fmt: skip
_TIMES = {key_of("time"), key_of("时间")}  # a date, or, beside a date, the time of that day
_SINGLE = {"date", "time", "channel", "direction", "status", "client_id"}
_REACH = {key_of("联系方式")}  # a number in most sheets, and in some the word for how one talked
# Found also in sheets of clients, so that a sheet with no better column is not known for a log by them.
_WEAK = (
    "due date, date, day, time, completed, 日期, 时间, agent, owner, owner name, assigned to, assigned user, user, "
    "created by, creator, 跟进人, 经纪人, 置业顾问, 顾问, 业务员, 销售, 客户经理, 负责人, 维护人, 归属人, 创建人, "
    "录入人, type, contact type, 类型, 渠道, note, notes, description, comment, comments, remark, remarks, memo, "
    "details, detail, summary, message, 备注, 备注信息, 描述, 说明, 详情, 跟进记录, 跟进情况, 记录, title, status, "
    "done, 状态"
)
_SIGNS_OF_CLIENTS = {
    "tier", "tag", "persona", "source", "referrer", "family", "occupation", "birthday", "address", "avoid",
    "preferred_channel", "do_not_contact", "website", "prefix", "suffix", "qq", "middle_name",
}  # fmt: skip

_TELLING = {"date", "text", "channel", "direction", "author", "subject", "feedback"}

# The first row whose first names are all in the header, and any of whose second, tells the program.
_LAYOUTS = """
HubSpot: activity date: note body, call notes, call title, email body, meeting name, activity assigned to
HubSpot: activity type, activity date: associated contact, associated contacts, contact name
Follow Up Boss: is incoming: name, from number, to number, note, message
Follow Up Boss: created by, name: person id, system, body
Zoho CRM: note content: note owner, note title, parent id
Zoho CRM: call start time: call type, call owner, related to
Pipedrive: add time: person, contact person, deal
Salesforce: subject: task subtype, call type, full comments, assigned, due date, whoid, activity date, company / account
"""


_RANKED = {field: keys_of(names) for field, names in _NAMES.items()}
_FIELD_OF = {key: field for field, keys in reversed(_RANKED.items()) for key in keys}
_ENTERED_KEYS = set(keys_of(_ENTERED))
_WEAK_KEYS = _ENTERED_KEYS | set(keys_of(_WEAK))
_RULES = rules_of(_LAYOUTS)


def looks_like_history(header: Sequence[str]) -> bool:
    """Whether this is a log of conversations and no sheet of clients: it has a date, a text and who it was with.

    >>> looks_like_history(["跟进时间", "客户", "跟进内容"]), looks_like_history(["Name", "Phone", "Created", "Notes"])
    (True, False)
    """
    fields = {_field_of(name) for name in header}
    if not {"date", "text"} <= fields or not fields & {"client", "phone", "email", "wechat", "family_name"}:
        return False
    others = (target_of(name) for name in header if _field_of(name) is None)
    if any(other is not None and other.field in _SIGNS_OF_CLIENTS for other in others):
        return False
    return any(key in _FIELD_OF and key not in _WEAK_KEYS and _FIELD_OF[key] in _TELLING for key in map(key_of, header))


def map_history(header: Sequence[str], sample: Iterable[Sequence[str]], overrides: Iterable[str]) -> Mapping:
    """Which column is which; `sample`, some rows' cells, tells 联系方式 apart. Raises MapNotUnderstood, UsageError."""
    keys = {key_of(name) for name in header}
    layout = layout_by(_RULES, keys)
    columns = [Column(place, name, _field_of(name)) for place, name in enumerate(header)]
    columns = [_by_content(column, sample) for column in columns]
    columns = _overridden(_best(_with_times(columns)), overrides)
    mapping = Mapping(layout, tuple(columns))
    _check(mapping, header)
    return mapping


def _field_of(header: str) -> str | None:
    key = key_of(header)
    if rejects.is_reason(header):
        return None
    if key in _FIELD_OF:
        return _FIELD_OF[key]
    target = target_of(header)
    return _OF_CLIENTS.get(target.field) if target else None


def _by_content(column: Column, sample: Iterable[Sequence[str]]) -> Column:
    if key_of(column.header) not in _REACH:
        return column
    values = [cells[column.index] for cells in sample if cells[column.index].strip()]
    is_channel = values and sum(channel_of(value) is not None for value in values) * 2 > len(values)
    return replace(column, field="channel", guessed=True) if is_channel else column


def _with_times(columns: list[Column]) -> list[Column]:
    """“Time” beside “Date” is the time of that day."""
    no_days = _ENTERED_KEYS | _TIMES
    has_date = any(column.field == "date" and key_of(column.header) not in no_days for column in columns)
    if not has_date or any(column.field == "time" for column in columns):
        return columns
    return [replace(column, field="time") if key_of(column.header) in _TIMES else column for column in columns]


def _best(columns: list[Column]) -> list[Column]:
    """Of what can be only one column, the one that stands first in the lists above."""
    best = {
        field: min((column for column in columns if column.field == field), key=_rank, default=None)
        for field in _SINGLE
    }
    return [
        replace(column, field=None, guessed=False)
        if column.field in _SINGLE and column is not best[column.field]
        else column
        for column in columns
    ]


def _rank(column: Column) -> int:
    keys = _RANKED.get(column.field or "", [])
    key = key_of(column.header)
    return keys.index(key) if key in keys else len(keys)


def ranked(mapping: Mapping, field: str) -> list[int]:
    """The places of a field's columns, what --map says first, then as they stand in the lists above."""
    columns = [column for column in mapping.columns if column.field == field]
    return [column.index for column in sorted(columns, key=lambda column: (not column.explicit, _rank(column)))]


def _overridden(columns: list[Column], overrides: Iterable[str]) -> list[Column]:
    """The columns with each "Header=field" taken; it takes the place of another that can be only one."""
    for override in overrides:
        header, equals, name = override.rpartition("=")
        if not equals:
            raise MapNotUnderstood.without_sign(override, FIELDS)
        place = column_called(columns, header.strip()).index
        field = _field_called(name.strip())
        if field in _SINGLE:
            columns = [replace(other, field=None) if other.field == field else other for other in columns]
        columns[place] = replace(columns[place], field=field, guessed=False, explicit=True)
    return columns


def _field_called(text: str) -> str | None:
    """A field by its name, or by any column name known for it."""
    if text in {"", "-"}:
        return None
    name = text.casefold().replace("-", "_").replace(" ", "_")
    if name in FIELDS:
        return name
    key = key_of(text)
    if key in _FIELD_OF:
        return _FIELD_OF[key]
    if (known := KNOWN.get(key)) is not None and known.field in _OF_CLIENTS:
        return _OF_CLIENTS[known.field]
    near = difflib.get_close_matches(name, FIELDS, n=3, cutoff=0.7)
    raise MapNotUnderstood(N_("A conversation has no field called {field}."), near or FIELDS, field=quoted(text))


def _check(mapping: Mapping, header: Sequence[str]) -> None:
    """Raises UsageError for a sheet that says no day, no words, or not with whom."""
    fields = mapping.fields
    one = header[0] if header else "Column 1"
    if "date" not in fields:
        raise UsageError(
            N_("None of the columns is known to be a date."), N_('Say which one is: --map "{header}=date".'), header=one
        )
    if not fields & {"text", "subject"}:
        raise UsageError(
            N_("None of the columns is known to be what was said."),
            N_('Say which one is: --map "{header}=text".'),
            header=one,
        )
    if not fields & {"client", "family_name", "given_name", "phone", "email", "wechat", "client_id"}:
        raise UsageError(
            N_("None of the columns is known to say who the client is."),
            N_('Say which one does: --map "{header}=client", or =phone, or =email.'),
            header=one,
        )
