"""Column names of logs of conversations, and which field of a contact each one is: data, and its lookup.

What a column of a client is called (phone, email, name) is looked up as for a sheet of clients, so that both imports
know the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from recrm.core.i18n import N_
from recrm.imports.columns.headers import (
    FIELD_LABELS,
    KNOWN,
    Target,
    key_of,
    layout_by,
    names_by_word,
    rules_of,
    target_of,
)
from recrm.imports.columns.mapping import Column, Mapping, Need, apply_override, check_needs
from recrm.imports.conversations.vocabulary import channel_of

# Of several columns for what can be only one, that named first here counts. A star: sheets of clients have such a
# column too, so a log is not known by it. Two stars: the day on which somebody typed it in, which may be long after.
_NAMES = """
date: activity date, activity time, activity timestamp, engagement date, meeting start time, call start time,
  call date, call time, meeting date, email send date, email date, sent at, sent on, date sent, sent date,
  message date, contacted at, contacted on, contact date, conversation date, occurred at, happened at, logged at,
  log date, visit date, viewing date, start time, start date, marked as done time, completed at, completed date,
  date completed, completed date/time, timestamp, datetime, date time, date and time, at, note date, date*, day*,
  when, 跟进时间, 跟进日期, 联系时间, 联系日期, 沟通时间, 沟通日期, 回访时间, 回访日期, 拜访时间, 拜访日期, 带看时间,
  带看日期, 通话时间, 通话日期, 来电时间, 拨打时间, 呼叫时间, 发送时间, 消息时间, 聊天时间, 发生时间, 开始时间,
  记录时间, 记录日期, 日期时间, 日期*, due date*, time*, 时间*, created at**, create date**, created date**,
  created time**, create time**, created on**, created**, creation date**, date created**, date added**, add time**,
  added at**, added on**, added**, 创建时间**, 创建日期**, 录入时间**, 录入日期**, 添加时间**, 登记时间**, 登记日期**
time: time of day, clock time, due time, 具体时间, 时刻
author: author, agent*, user*, user name, logged by, recorded by, written by, created by*, added by, creator*,
  note owner, call owner, task owner, activity owner, owner*, owner name*, activity assigned to, assigned to*,
  assigned, assigned to user, assigned user*, sales rep, staff, 跟进人*, 跟进人员, 跟进员工, 记录人, 操作人, 拜访人,
  回访人, 员工, 员工姓名, 经纪人*, 置业顾问*, 顾问*, 业务员*, 销售*, 客户经理*, 负责人*, 维护人*, 归属人*, 创建人*,
  录入人*
channel: channel, activity type, engagement type, communication type, communication channel, channel type,
  contact method, contact type*, interaction type, method, medium, task type, task subtype, event type, type*,
  activity, 跟进方式, 跟进类型, 跟进渠道, 沟通方式, 沟通渠道, 联系渠道, 回访方式, 拜访方式, 活动类型, 消息渠道, 方式,
  类型*, 渠道*
direction: direction, call direction, email direction, message direction, call type, in/out, in or out,
  inbound/outbound, incoming/outgoing, is incoming, incoming, inbound, is inbound, 方向, 呼叫方向, 呼叫类型, 通话类型,
  来去电, 呼入呼出, 收发, 主被叫, 发起方
text: text, body, note*, notes*, note body, note content, note text, content, message*, message body, message text,
  message content, communication body, conversation, call notes, call note, call body, call summary, call description,
  email body, email text, email content, meeting notes, meeting description, internal meeting notes, task notes,
  activity notes, activity note, activity description, description*, public description, details*, detail*, comment*,
  comments*, full comments, remark*, remarks*, summary*, transcript, memo*, 内容, 跟进内容, 跟进记录*, 跟进情况*,
  跟进详情, 跟进备注, 跟进描述, 沟通内容, 沟通记录, 联系内容, 联系记录, 聊天内容, 聊天记录, 消息内容, 消息, 通话内容,
  通话记录, 通话摘要, 拜访内容, 拜访记录, 带看内容, 带看记录, 回访内容, 回访记录, 记录*, 记录内容, 备注*, 备注信息*,
  描述*, 说明*, 详情*, 摘要, 文本, 小记
subject: subject, title*, note title, call title, call subject, email subject, meeting name, meeting title,
  meeting subject, task title, task name, task subject, activity subject, topic, 主题, 标题, 跟进主题, 事项
feedback: feedback, client feedback, customer feedback, reaction, outcome, call outcome, meeting outcome, result,
  call result, disposition, call disposition, 反馈, 客户反馈, 客户意见, 客户反应, 跟进结果, 沟通结果, 通话结果,
  回访结果, 结果
next_step: next step, next steps, next action, 下一步, 下一步计划, 下步计划, 后续计划
status: status*, task status, activity status, done*, is done, completed*, is completed, 状态*, 完成状态, 任务状态,
  是否完成, 已完成
client: client, client name, customer, customer name, contact, contact name, contact person, associated contact,
  associated contacts, person, person name, lead, lead name, name, full name, parent id, related to, with, 客户,
  客户姓名, 客户名称, 客户名, 联系人, 联系人姓名, 姓名
phone: from number, to number, contact number, caller, callee, 主叫号码, 被叫号码, 对方号码
email: from email, to email, email from, email to, email from address, email to address
client_id: client id, recrm id
"""
# What the clients' own table calls a column, as a field here.
_OF_CLIENTS = {"name": "client"} | {name: name for name in ("family_name", "given_name", "phone", "email", "wechat")}
LABELS = FIELD_LABELS | {
    "date": N_("Date"), "time": N_("Time"), "author": N_("Author"), "channel": N_("Channel"),
    "direction": N_("Direction"), "text": N_("Text"), "subject": N_("Subject"), "feedback": N_("Feedback"),
    "next_step": N_("Next step"), "status": N_("Status"), "client": N_("Client"), "client_id": N_("Client id"),
}  # fmt: skip
_TIMES = {key_of("time"), key_of("时间")}  # a date, or, beside a date, the time of that day
_SINGLE = {"date", "time", "channel", "direction", "status", "client_id"}
_REACH = key_of("联系方式")  # a number in most sheets, and in some the word for how one talked
_TELLING = {"date", "text", "channel", "direction", "author", "subject", "feedback"}
_WHO = {"client", "phone", "email", "wechat", "family_name"}
_SIGNS_OF_CLIENTS = {
    "tier", "tag", "persona", "source", "referrer", "family", "occupation", "birthday", "address", "avoid",
    "preferred_channel", "do_not_contact", "website", "prefix", "suffix", "qq", "middle_name",
}  # fmt: skip
_NEEDS = (
    Need({"date"}, N_("None of the columns is known to be a date."), N_('Say which one is: --map "{header}=date".')),
    Need(
        {"text", "subject"},
        N_("None of the columns is known to be what was said."),
        N_('Say which one is: --map "{header}=text".'),
    ),
    Need(
        _WHO | {"given_name", "client_id"},
        N_("None of the columns is known to say who the client is."),
        N_('Say which one does: --map "{header}=client", or =phone, or =email.'),
    ),
)

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

_NAMES_OF = names_by_word(_NAMES)
FIELDS = tuple(dict.fromkeys((*_NAMES_OF, *_OF_CLIENTS.values())))
_OWN = {key_of(name): field for field, names in reversed(_NAMES_OF.items()) for name in names}
_KNOWN = {
    key: Target(_OF_CLIENTS[target.field]) if target and target.field in _OF_CLIENTS else None
    for key, target in KNOWN.items()
} | {key: Target(field) for key, field in _OWN.items()}
_RANKS = {(field, key_of(name)): rank for field, names in _NAMES_OF.items() for rank, name in enumerate(names)}
_ENTERED = {key_of(name) for name in _NAMES_OF["date"] if name.endswith("**")}
_WEAK = {key_of(name) for names in _NAMES_OF.values() for name in names if name.endswith("*")}
_RULES = rules_of(_LAYOUTS)


def looks_like_history(header: Sequence[str]) -> bool:
    """Whether this is a log of conversations and no sheet of clients: it has a date, a text and who it was with.

    >>> looks_like_history(["跟进时间", "客户", "跟进内容"]), looks_like_history(["Name", "Phone", "Created", "Notes"])
    (True, False)
    """
    fields = {name: _field_of(name) for name in header}
    own = set(fields.values())
    if not own >= {"date", "text"} or not own & _WHO:
        return False
    others = (target_of(name) for name, field in fields.items() if field is None)
    if any(other is not None and other.field in _SIGNS_OF_CLIENTS for other in others):
        return False
    return any(key not in _WEAK and _OWN.get(key) in _TELLING for key in map(key_of, header))


def map_history(header: Sequence[str], sample: Iterable[Sequence[str]], overrides: Iterable[str]) -> Mapping:
    """Which column is which; `sample`, some rows' cells, tells 联系方式 apart. Raises MapNotUnderstood, UsageError."""
    layout = layout_by(_RULES, {key_of(name) for name in header})
    columns = [Column(place, name, _field_of(name)) for place, name in enumerate(header)]
    columns = _with_times([_by_content(column, sample) for column in columns])
    mapping = apply_override(Mapping(layout, tuple(columns)), overrides, FIELDS, _KNOWN)
    mapping = Mapping(layout, _best(mapping.columns))
    check_needs(mapping, _NEEDS)
    return mapping


def ranked(mapping: Mapping, field: str) -> list[int]:
    """The places of a field's columns, what --map says first, then as they stand in the table above."""
    return [column.index for column in sorted(mapping.columns, key=_rank) if column.field == field]


def _field_of(header: str) -> str | None:
    target = target_of(header, _KNOWN)
    return target.field if target else None


def _by_content(column: Column, sample: Iterable[Sequence[str]]) -> Column:
    if key_of(column.header) != _REACH:
        return column
    values = [cells[column.index] for cells in sample if cells[column.index].strip()]
    is_channel = values and sum(channel_of(value) is not None for value in values) * 2 > len(values)
    return replace(column, field="channel", guessed=True) if is_channel else column


def _with_times(columns: list[Column]) -> list[Column]:
    """“Time” beside “Date” is the time of that day."""
    has_date = any(column.field == "date" and key_of(column.header) not in _ENTERED | _TIMES for column in columns)
    if not has_date or any(column.field == "time" for column in columns):
        return columns
    return [replace(column, field="time") if key_of(column.header) in _TIMES else column for column in columns]


def _best(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Of what can be only one column, the best; the others are left."""
    best = {column.field: column for column in sorted(columns, key=_rank, reverse=True)}
    return tuple(
        column if column.field not in _SINGLE or column is best[column.field] else Column(column.index, column.header)
        for column in columns
    )


def _rank(column: Column) -> tuple[bool, int]:
    return not column.explicit, _RANKS.get((column.field or "", key_of(column.header)), len(_RANKS))
