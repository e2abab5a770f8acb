"""What is kept of a client, a line for each field; options, form, lists, JSON, imports and exports read it here.

Names and templates only, so that reading it costs next to nothing. A further field is a migration that adds its
column, a line here and, where a rule asks for its value, an attribute of `model.Client`. What a kind of field needs
(how its text becomes columns, how its columns are shown) stands in a table by `Kind` in the module that does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from recrm.core.i18n import N_
from recrm.core.params import Option
from recrm.core.record import Record
from recrm.core.slice import Texts


class Kind(Enum):
    """What the values of a field are."""

    NAME = auto()
    PINYIN = auto()
    COMPANY = auto()  # a person or a company
    POINT = auto()  # contact points of one kind, each a row of its own
    TIER = auto()
    TYPES = auto()
    TAGS = auto()
    TEXT = auto()  # one line
    LINES = auto()  # text of several lines
    REFERRER = auto()
    DAY = auto()  # a birthday, with or without its year
    MONEY = auto()
    CURRENCY = auto()  # of all the amounts
    FLAG = auto()
    AGENT = auto()
    MOMENT = auto()  # set by what is done, never typed


_IN_ROWS_OF_THEIR_OWN = (Kind.POINT, Kind.TYPES, Kind.TAGS)


class Field(Record):
    """One field.

    `name` is what `import --map` and messages call it, `label` (a template) what people do: the column's heading in an
    export and, in small letters, the word in `history`. `card` is its label on show-client where that is another one,
    empty where the card shows it elsewhere. `question` is the form's. `known_as` are the names of columns that an
    import takes for it, beside `name`.
    """

    name: str
    kind: Kind
    label: str = ""
    option: Option | None = None  # of add-client and edit-client
    edit_option: Option | None = None  # of edit-client, where it offers another
    question: str = ""
    known_as: str = ""
    in_sheet: bool = True  # whether CSV and XLSX have a column of it
    vcard: str = ""  # the property of a card
    card: str | None = None
    attribute: str = ""  # of Client, and the key in JSON, where it is not `name`
    in_json: bool = True
    stored_in: str = ""  # columns of the table, where it is not `name`

    @property
    def key(self) -> str:
        """The attribute of Client and the key in JSON."""
        return self.attribute or self.name

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns of the table `clients`, the one that says most first; none where it has rows of its own."""
        if self.kind in _IN_ROWS_OF_THEIR_OWN:
            return ()
        return tuple(self.stored_in.split()) or (self.name,)


REACH, PROFILE, FINANCES = N_("How to reach them"), N_("Profile"), N_("Finances")

# Columns that are no field: nobody types, reads or exports them.
TECHNICAL = ("id", "search_key", "origin")

# In the order of the JSON.
FIELDS = (
    Field(
        "name", Kind.NAME, N_("Name"),
        edit_option=Option("--name", help="Another name.", panel=PROFILE),
        question=N_("Name"),
        known_as="full name, display name, client, client name, customer, customer name, contact, contact name, "
        "person, person name, 姓名, 全名, 名称, 客户, 客户姓名, 客户名称, 客户名, 联系人, 联系人姓名, "
        "业主姓名, 显示名称",
        vcard="FN", card="",
    ),
    Field(
        "company", Kind.COMPANY, N_("Company"),
        Option("--company", help="The client is a company."),
        Option(
            "--company/--person", help="The client is a company, or a person after all.", panel=PROFILE,
            show_default=False,
        ),
        known_as="company name, organization, organisation, organization name, organisation name, "
        "account name, associated company, primary associated company, employer, business name, 公司, "
        "公司名称, 单位, 工作单位, 单位名称, 企业",
        vcard="ORG", card="", attribute="kind", stored_in="kind",
    ),
    Field(
        "pinyin", Kind.PINYIN, N_("Pinyin"),
        Option(
            "--pinyin", metavar="TEXT", help="How the name is said, where it is not the usual reading.", panel=PROFILE
        ),
        in_sheet=False, stored_in="pinyin pinyin_given",
    ),
    Field(
        "phone", Kind.POINT, N_("Phone"),
        Option("--phone", "-p", metavar="PHONE", help="A phone, in any format; repeat for more.", panel=REACH),
        question=N_("Phone"),
        known_as="phone number, phone value, telephone, telephone number, tel, mobile, mobile number, "
        "mobile phone, mobile phone number, mobile no, cell, cell phone, cellphone, cell number, home phone, "
        "work phone, business phone, office phone, primary phone, main phone, car phone, other phone, "
        "secondary phone, contact number, contact phone, phone no, 电话, 电话号码, 手机, 手机号, 手机号码, "
        "移动电话, 联系电话, 联系手机, 联系方式, 联系号码, 客户电话, 客户手机, 号码, 座机, 固话, 固定电话, "
        "住宅电话, 家庭电话, 办公电话, 工作电话, 公司电话, 单位电话, 备用电话, 备用手机, 其他电话, 主电话",
        vcard="TEL",
    ),
    Field(
        "email", Kind.POINT, N_("Email"),
        Option("--email", "-e", metavar="EMAIL", help="An email address.", panel=REACH),
        question=N_("Email"),
        known_as="email address, email value, mail, email addresses, primary email, secondary email, "
        "work email, home email, personal email, other email, business email, additional email addresses, "
        "邮箱, 电子邮件, 电子邮箱, 邮件, 邮箱地址, 电邮, 邮件地址, 电子邮件地址",
        vcard="EMAIL",
    ),
    Field(
        "wechat", Kind.POINT, N_("WeChat"),
        Option("--wechat", "-w", metavar="ID", help="A WeChat id.", panel=REACH),
        question=N_("WeChat id"),
        known_as="wechat id, weixin, wechat number, wechat account, wx, 微信, 微信号, 微信号码, 微信id, 微信账号",
        vcard="X-WECHAT",
    ),
    Field(
        "whatsapp", Kind.POINT, N_("WhatsApp"),
        Option("--whatsapp", metavar="ID", help="A WhatsApp number or name.", panel=REACH),
        known_as="whatsapp number, whats app, whatsapp phone number",
        vcard="X-WHATSAPP", in_json=False,
    ),
    Field(
        "qq", Kind.POINT, N_("QQ"),
        Option("--qq", metavar="ID", help="A QQ number.", panel=REACH),
        known_as="qq number, qq id, qq号, qq号码",
        vcard="X-QQ", in_json=False,
    ),
    Field(
        "address", Kind.POINT, N_("Address"),
        Option("--address", metavar="TEXT", help="A postal address.", panel=REACH),
        vcard="ADR", in_json=False,  # an import knows its parts as well, so it has the names of the columns
    ),
    Field(
        "website", Kind.POINT, N_("Website"),
        known_as="website url, website value, web page, webpage, web site, url, homepage, "
        "网址, 网站, 主页, 个人网站",
        vcard="URL", in_json=False,
    ),
    Field(
        "tier", Kind.TIER, N_("Tier"),
        Option(
            "--tier", "-t", metavar="A|B|C", help="A hot and matched, B promising, C watching, none.", panel=PROFILE
        ),
        question=N_("Tier (A hot and matched, B promising, C watching)"),
        known_as="client tier, grade, client grade, rating, lead rating, priority tier, 等级, 客户等级, 级别, "
        "客户级别, 分层, 客户分层, 意向等级, 意向程度, 意向度",
        card="", stored_in="tier tier_set_at",
    ),
    Field(
        "type", Kind.TYPES, N_("Type"),
        Option("--type", metavar="TYPE", help="buyer, seller, tenant or landlord; repeat for several.", panel=PROFILE),
        Option(
            "--type", metavar="TYPE", help="All the types they are: replaces the old ones; none for none.",
            panel=PROFILE,
        ),
        question=N_("Type (buyer, seller, tenant, landlord)"),
        known_as="client type, contact type, customer type, lead type, 类型, 客户类型, 客户类别, 客户性质, 客户身份",
        card="", attribute="types",
    ),
    Field(
        "tag", Kind.TAGS, N_("Tags"),
        Option("--tag", metavar="TAG", help="A tag; `urgent` lifts them up the list.", panel=PROFILE),
        question=N_("Tags (urgent, 学区房 …)"),
        known_as="tags, label, labels, group, groups, group membership, categories, category, contact tags, "
        "标签, 客户标签, 分组, 群组, 组, 类别, 分类, lifecycle stage, lead status, stage, status, 状态, "
        "客户状态, 阶段, 客户阶段",
        vcard="CATEGORIES", card="", attribute="tags",
    ),
    Field(
        "persona", Kind.TEXT, N_("Persona"),
        Option("--persona", metavar="TEXT", help="first home, upgrade, investor …", panel=PROFILE),
        known_as="buyer persona, purchase purpose, 置业目的, 购房目的, 购房用途, 客户画像",
    ),
    Field(
        "source", Kind.TEXT, N_("Source"),
        Option("--source", metavar="TEXT", help="Where they came from: walk-in, portal …", panel=PROFILE),
        question=N_("Source (portal, walk-in, referral …)"),
        known_as="lead source, original source, client source, contact source, 来源, 客户来源, 渠道, "
        "来源渠道, 获客渠道, 客源, 信息来源",
    ),
    Field(
        "referrer", Kind.REFERRER, N_("Referrer"),
        Option("--referrer", metavar="CLIENT", help="Who sent them."),
        known_as="referred by, referral, referral by, 推荐人, 介绍人, 转介绍人, 引荐人",
        card=N_("Referred by"), stored_in="referrer_id",
    ),
    Field(
        "family", Kind.LINES, N_("Family"),
        Option("--family", metavar="TEXT", help="Who decides, who moves in.", panel=PROFILE),
        known_as="family members, spouse, spouse name, partner, children, relation value, 家庭, 家庭成员, "
        "家庭情况, 家庭结构, 配偶, 爱人, 子女, 孩子, 家人",
    ),
    Field(
        "occupation", Kind.TEXT, N_("Occupation"),
        Option("--occupation", metavar="TEXT", help="What they do for a living.", panel=PROFILE),
        known_as="profession, job, job title, title, organization title, industry, position, 职业, 职务, "
        "职位, 岗位, 行业, 所属行业",
        vcard="TITLE",
    ),
    Field(
        "preferred_channel", Kind.TEXT, N_("Preferred channel"),
        Option(
            "--preferred-channel", metavar="TEXT", help="How they like to be reached: call, wechat …", panel=REACH
        ),
        known_as="preferred contact method, preferred contact, contact preference, "
        "preferred method of contact, 首选联系方式, 偏好联系方式, 联系偏好, 沟通方式, 首选渠道",
        card="",
    ),
    Field(
        "birthday", Kind.DAY, N_("Birthday"),
        Option(
            "--birthday", "-b", metavar="DAY", help="1990-05-20, or 20 may where the year is not known.", panel=PROFILE
        ),
        question=N_("Birthday (1990-05-20, or 20 may)"),
        known_as="birthdate, birth date, date of birth, dob, lunar birthday, 生日, 出生日期, 出生年月, "
        "出生年月日, 阳历生日, 公历生日, 农历生日, 阴历生日",
        vcard="BDAY", stored_in="birth_year birth_month birth_day",
    ),
    Field(
        "avoid", Kind.LINES, N_("Topics to avoid"),
        Option("--avoid", metavar="TEXT", help="Topics to avoid; shown in plain sight.", panel=PROFILE),
        question=N_("Topics to avoid"),
        known_as="topics to avoid, avoid topics, taboo, taboos, 忌讳, 禁忌, 避讳, 忌讳话题, 雷区, 注意事项",
        card="",
    ),
    Field(
        "note", Kind.LINES, N_("Note"),
        Option("--note", "-n", metavar="TEXT", help="Anything worth remembering.", panel=PROFILE),
        question=N_("Note"),
        known_as="notes, comment, comments, remark, remarks, memo, description, background, message, "
        "custom field value, event value, im value, nickname, hobby, anniversary, timeframe, budget, "
        "search criteria, property address, property price, listing price, closing anniversary, "
        "home anniversary, user, fax, home fax, work fax, business fax, other fax, pager, "
        "company main phone, assistants phone, assistant phone, asst phone, 备注, 备注信息, 说明, 描述, "
        "附注, 记录, 跟进, 跟进记录, 跟进情况, 需求, 客户需求, 购房需求, 意向, 意向区域, 意向楼盘, 意向小区, "
        "预算, 爱好, 兴趣爱好, 昵称, 微信昵称, 称呼, 客户称呼, 备注名, 传真",
        vcard="NOTE",
    ),
    Field(
        "income", Kind.MONEY, N_("Income"),
        Option("--income", metavar="AMOUNT", help="Income a year: 350k, 35万 …", panel=FINANCES),
        in_sheet=False, stored_in="income_minor",
    ),
    Field(
        "debts", Kind.MONEY, N_("Debts"),
        Option("--debts", metavar="AMOUNT", help="Debts.", panel=FINANCES),
        in_sheet=False, stored_in="debts_minor",
    ),
    Field(
        "down_payment", Kind.MONEY, N_("Down payment"),
        Option("--down-payment", metavar="AMOUNT", help="Money for a down payment.", panel=FINANCES),
        in_sheet=False, stored_in="down_payment_minor",
    ),
    Field("currency", Kind.CURRENCY, in_sheet=False, card=""),
    Field(
        "credit_note", Kind.TEXT, N_("Credit note"),
        Option("--credit-note", metavar="TEXT", help="What is known of their credit.", panel=FINANCES),
        in_sheet=False, card=N_("Credit"),
    ),
    Field(
        "consent", Kind.TEXT, N_("Consent"),
        Option("--consent", metavar="TEXT", help="What they agreed to, when and how.", panel=PROFILE),
        in_sheet=False,
    ),
    Field(
        "do_not_contact", Kind.FLAG, N_("Do not contact"),
        Option(
            "--do-not-contact/--may-contact", help="Nothing reaches out to them by itself.", panel=REACH,
            show_default=False,
        ),
        known_as="do not call, donotcall, dnc, 勿扰, 免打扰, 请勿联系, 请勿打扰, 勿联系, 拒绝联系, 禁止联系",
        card="",
    ),
    Field(
        "agent", Kind.AGENT, N_("Agent"),
        Option("--agent", metavar="NAME", help="Who in the shop is responsible.", panel=PROFILE),
        known_as="owner, contact owner, lead owner, account owner, owner name, assigned to, assigned agent, "
        "assigned user, 经纪人, 跟进人, 负责人, 归属人, 归属经纪人, 所属经纪人, 维护人, 业务员, 置业顾问, "
        "顾问, 所属顾问, 销售, 客户经理",
    ),
    Field(
        "created", Kind.MOMENT, N_("Created"),
        known_as="created at, create date, created date, date created, creation date, date added, added on, "
        "创建时间, 创建日期, 录入时间, 录入日期, 登记时间, 登记日期, 添加时间, 建档日期, 建档时间",
        card="", attribute="created_at", stored_in="created_at",
    ),
    Field("verified_at", Kind.MOMENT, in_sheet=False, card=""),
    Field("archived_at", Kind.MOMENT, in_sheet=False, card=""),
)  # fmt: skip

BY_NAME = {field.name: field for field in FIELDS}
BY_COLUMN = {column: field for field in FIELDS for column in field.columns}
POINTS = {field.name: field for field in FIELDS if field.kind is Kind.POINT}

# Columns of text, and of text with several lines, as `recrm.clients.slice` has it; `search_key` is made of lines.
TEXTS = Texts(
    personal=tuple(field.columns[0] for field in FIELDS if field.kind in (Kind.NAME, Kind.TEXT, Kind.LINES)),
    lines=(*(field.columns[0] for field in FIELDS if field.kind is Kind.LINES), "search_key"),
)

# Other orders. A field that is named in none of them stands behind the one before it in FIELDS.
OPTIONS = (
    "name", *POINTS, "preferred_channel", "do_not_contact", "tier", "type", "tag", "note", "avoid", "birthday",
    "persona", "source", "referrer", "family", "occupation", "pinyin", "agent", "consent", "income", "debts",
    "down_payment", "credit_note", "company",
)  # fmt: skip
FORM = ("name", "phone", "wechat", "email", "type", "tier", "source", "birthday", "avoid", "tag", "note")
CARD = (
    "pinyin", "persona", "source", "referrer", "family", "occupation", "birthday", "income", "debts", "down_payment",
    "credit_note", "consent", "agent", "note",
)  # fmt: skip
SHEET = (
    "name", "company", "tier", "type", *POINTS, "preferred_channel", "do_not_contact", "birthday", "tag", "persona",
    "source", "referrer", "family", "occupation", "avoid", "note", "agent", "created",
)  # fmt: skip
VCARD = ("birthday", "occupation", "tag", "note")


def in_order(order: Sequence[str]) -> list[Field]:
    """The fields in one of the orders above."""
    place, placed = -1, []
    for field in FIELDS:
        place = order.index(field.name) if field.name in order else place
        placed.append((place, field))
    return [field for _place, field in sorted(placed, key=lambda each: each[0])]


def small(label: str) -> str:
    """A label inside a sentence: `preferred channel`."""
    return label[:1].lower() + label[1:]
