"""Column names of the programs contacts come from, and the recrm field each one is: data, and one lookup.

A name is compared by its letters alone: case, blanks, hyphens, required-marks and numbers do not matter, so
that “E-mail 2 Address” and “email_address” are one. What stands in brackets counts if the rest is unknown.
The lists are those that the programs really export; Google has had two.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_FIELDS = (
    "name family_name given_name middle_name prefix suffix company phone email wechat whatsapp qq address "
    "website type tier tag persona source referrer family occupation preferred_channel birthday avoid note "
    "agent created id do_not_contact label"
)
FIELDS = tuple(_FIELDS.split())


class Target(NamedTuple):
    """What a column is: a field; which part of an address; the one tag it stands for if it says yes."""

    field: str
    part: str = ""
    word: str = ""


_NAMES = {
    "name": (
        "name, full name, display name, client, client name, customer, customer name, contact, contact name, "
        "person, person name, 姓名, 全名, 名称, 客户, 客户姓名, 客户名称, 客户名, 联系人, 联系人姓名, "
        "业主姓名, 显示名称"
    ),
    "family_name": "family name, last name, surname, 姓, 姓氏",
    "given_name": "given name, first name, forename, 名, 名字",
    "middle_name": "middle name, additional name, 中间名",
    "prefix": "name prefix, prefix, salutation, honorific, courtesy title, 称谓, 尊称",
    "suffix": "name suffix, suffix, generational suffix",
    "company": (
        "company, company name, organization, organisation, organization name, organisation name, "
        "account name, associated company, primary associated company, employer, business name, 公司, "
        "公司名称, 单位, 工作单位, 单位名称, 企业"
    ),
    "phone": (
        "phone, phone number, phone value, telephone, telephone number, tel, mobile, mobile number, "
        "mobile phone, mobile phone number, mobile no, cell, cell phone, cellphone, cell number, home phone, "
        "work phone, business phone, office phone, primary phone, main phone, car phone, other phone, "
        "secondary phone, contact number, contact phone, phone no, 电话, 电话号码, 手机, 手机号, 手机号码, "
        "移动电话, 联系电话, 联系手机, 联系方式, 联系号码, 客户电话, 客户手机, 号码, 座机, 固话, 固定电话, "
        "住宅电话, 家庭电话, 办公电话, 工作电话, 公司电话, 单位电话, 备用电话, 备用手机, 其他电话, 主电话"
    ),
    "email": (
        "email, email address, email value, mail, email addresses, primary email, secondary email, "
        "work email, home email, personal email, other email, business email, additional email addresses, "
        "邮箱, 电子邮件, 电子邮箱, 邮件, 邮箱地址, 电邮, 邮件地址, 电子邮件地址"
    ),
    "wechat": (
        "wechat, wechat id, weixin, wechat number, wechat account, wx, 微信, 微信号, 微信号码, 微信id, 微信账号"
    ),
    "whatsapp": "whatsapp, whatsapp number, whats app, whatsapp phone number",
    "qq": "qq, qq number, qq id, qq号, qq号码",
    "website": (
        "website, website url, website value, web page, webpage, web site, url, homepage, 网址, 网站, 主页, 个人网站"
    ),
    "type": ("type, client type, contact type, customer type, lead type, 类型, 客户类型, 客户类别, 客户性质, 客户身份"),
    "tier": (
        "tier, client tier, grade, client grade, rating, lead rating, priority tier, 等级, 客户等级, 级别, "
        "客户级别, 分层, 客户分层, 意向等级, 意向程度, 意向度"
    ),
    "tag": (
        "tag, tags, label, labels, group, groups, group membership, categories, category, contact tags, "
        "标签, 客户标签, 分组, 群组, 组, 类别, 分类, lifecycle stage, lead status, stage, status, 状态, "
        "客户状态, 阶段, 客户阶段"
    ),
    "persona": "persona, buyer persona, purchase purpose, 置业目的, 购房目的, 购房用途, 客户画像",
    "source": (
        "source, lead source, original source, client source, contact source, 来源, 客户来源, 渠道, "
        "来源渠道, 获客渠道, 客源, 信息来源"
    ),
    "referrer": "referrer, referred by, referral, referral by, 推荐人, 介绍人, 转介绍人, 引荐人",
    "family": (
        "family, family members, spouse, spouse name, partner, children, relation value, 家庭, 家庭成员, "
        "家庭情况, 家庭结构, 配偶, 爱人, 子女, 孩子, 家人"
    ),
    "occupation": (
        "occupation, profession, job, job title, title, organization title, industry, position, 职业, 职务, "
        "职位, 岗位, 行业, 所属行业"
    ),
    "preferred_channel": (
        "preferred channel, preferred contact method, preferred contact, contact preference, "
        "preferred method of contact, 首选联系方式, 偏好联系方式, 联系偏好, 沟通方式, 首选渠道"
    ),
    "birthday": (
        "birthday, birthdate, birth date, date of birth, dob, lunar birthday, 生日, 出生日期, 出生年月, "
        "出生年月日, 阳历生日, 公历生日, 农历生日, 阴历生日"
    ),
    "avoid": ("avoid, topics to avoid, avoid topics, taboo, taboos, 忌讳, 禁忌, 避讳, 忌讳话题, 雷区, 注意事项"),
    "note": (
        "note, notes, comment, comments, remark, remarks, memo, description, background, message, "
        "custom field value, event value, im value, nickname, hobby, anniversary, timeframe, budget, "
        "search criteria, property address, property price, listing price, closing anniversary, "
        "home anniversary, user, fax, home fax, work fax, business fax, other fax, pager, "
        "company main phone, assistants phone, assistant phone, asst phone, 备注, 备注信息, 说明, 描述, "
        "附注, 记录, 跟进, 跟进记录, 跟进情况, 需求, 客户需求, 购房需求, 意向, 意向区域, 意向楼盘, 意向小区, "
        "预算, 爱好, 兴趣爱好, 昵称, 微信昵称, 称呼, 客户称呼, 备注名, 传真"
    ),
    "agent": (
        "agent, owner, contact owner, lead owner, account owner, owner name, assigned to, assigned agent, "
        "assigned user, 经纪人, 跟进人, 负责人, 归属人, 归属经纪人, 所属经纪人, 维护人, 业务员, 置业顾问, "
        "顾问, 所属顾问, 销售, 客户经理"
    ),
    "created": (
        "created, created at, create date, created date, date created, creation date, date added, added on, "
        "创建时间, 创建日期, 录入时间, 录入日期, 登记时间, 登记日期, 添加时间, 建档日期, 建档时间"
    ),
    "id": "id, record id, contact id, lead id, client id, customer id, external id, 编号, 客户编号, 客户id",
    "do_not_contact": (
        "do not contact, do not call, donotcall, donotcontact, dnc, 勿扰, 免打扰, 请勿联系, 请勿打扰, "
        "勿联系, 拒绝联系, 禁止联系"
    ),
}
_NO_EMAIL = (
    "has opted out of email, email opt out, opted out of email, unsubscribed from all email, "
    "email unsubscribed, 拒收邮件"
)
# Known, and of no use: never taken for something else by its content.
_IGNORED = (
    "phonetic first name, phonetic middle name, phonetic last name, yomi name, given name yomi, "
    "additional name yomi, family name yomi, file as, initials, short name, maiden name, gender, 性别, "
    "location, billing information, directory server, mileage, sensitivity, priority, subject, language, "
    "photo, organization yomi name, organization department, organization symbol, organization location, "
    "organization job description, department, office location, organizational id number, "
    "government id number, account, internet free busy, keywords, managers name, assistants name, private, "
    "email display name, callback, isdn, radio phone, ttytdd phone, telex, last assigned, is contacted, "
    "calls, texts, last activity date, last modified date, last contacted, ownerid, accountid, createdbyid, "
    "lastmodifieddate, systemmodstamp, isdeleted, reports to, contact record type, "
    "marketing contact status, associated company ids, has opted out of fax, deal stage, deal close date, "
    "deal price, campaign source, campaign medium, campaign term, campaign content, campaign name, "
    "date reassigned, huddle url, update source, 序号, 修改时间, 更新时间, 最后跟进时间"
)
_PLACES = "address, home, business, work, other, mailing, contact, property owner"
_PARTS = {
    "country": "country, country/region, country code, 国家",
    "region": "state, region, province, state/region, state/province, 省, 省份",
    "city": "city, town, 市, 城市, 所在城市",
    "district": "district, county, 区, 区县, 行政区",
    "street": (
        "street, street address, address, address line, 地址, 住址, 详细地址, 联系地址, 通讯地址, 通信地址, "
        "现住址, 家庭住址, 家庭地址, 住宅地址, 居住地址, 公司地址, 单位地址, 街道"
    ),
    "extended": "extended address, address line two, po box, address po box",
    "postal": "zip, zip code, postal code, zip/postal code, postcode, 邮编, 邮政编码",
    "formatted": "formatted, full address",
}
_LABELLED = (
    "phone, email, address, website, organization, custom field, relation, event, im, calendar link, external id"
)
_PLAIN = (
    "note, notes, comment, comments, remark, remarks, memo, 备注, 备注信息, 说明, 附注, family, "
    "family members, 家庭, 家庭成员, 家庭情况, 家庭结构, 家人"
)
# A name only where the sheet has no better one; “称呼” is what one says to a client, 王姐.
_SPARE_NAMES = "称呼, 客户称呼, 备注名, 昵称, nickname, 微信昵称, file as"
_PERSON_TITLES = "mr mrs ms miss mx dr prof professor sir madam 先生 女士 小姐 太太"

# The first row whose first names are all in the header, and any of whose second, tells the program.
_LAYOUTS = """
Google Contacts: given name, family name: group membership, yomi name, phone value, email value
Google Contacts: first name, last name: phonetic first name, phone value, email value, file as
Follow Up Boss: first name, last name, stage, assigned to: lead source, source, email, phone, background
HubSpot: first name, last name: lifecycle stage, marketing contact status
HubSpot: record id, email: contact owner, lead status, phone number, create date
Salesforce: last name: account name, mailing street, do not call, has opted out of email, birthdate, ownerid
Salesforce: last name, lead source: lead status, lead owner, contact owner, mobile phone, company
Outlook: first name, email address: business phone, home phone, categories, email type, suffix, web page
"""

_NOT_LETTERS = re.compile(r"[\W\d_]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")


def _split(names: str) -> list[str]:
    return [key_of(name) for name in names.split(", ")]


def key_of(header: str) -> str:
    """The letters of a column's name."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", header).casefold())


def _known_names() -> dict[str, Target | None]:
    known: dict[str, Target | None] = dict.fromkeys(_split(_IGNORED))
    for part, names in _PARTS.items():
        for name in _split(names):
            known[name] = Target("address", part)
            if name.isascii():
                known |= {place + name: Target("address", part) for place in _split(_PLACES)}
    for word in ("type", "label", "service"):
        known |= {name + word: Target("label") for name in _split(_LABELLED)}
    for field, names in _NAMES.items():
        known |= {name: Target(field) for name in _split(names)}
    return known | {name: Target("tag", word="no-email") for name in _split(_NO_EMAIL)}


PERSON_TITLES = set(_PERSON_TITLES.split())
KNOWN = _known_names()
SPARE_NAMES = _split(_SPARE_NAMES)
PLAIN = set(_split(_PLAIN))
_RULES = [
    (layout, set(_split(needed)), set(_split(signs)))
    for layout, needed, signs in (rule.split(": ") for rule in _LAYOUTS.strip().splitlines())
]


def _variants(header: str) -> list[str]:
    """The name's letters: all of them, without what is in brackets, only what is in brackets."""
    text = unicodedata.normalize("NFKC", header)
    inside = " ".join(_BRACKETS.findall(text))
    return [key_of(text), *([key_of(_BRACKETS.sub("", text)), key_of(inside)] if inside else [])]


def is_known(header: str) -> bool:
    return any(key in KNOWN for key in _variants(header))


def target_of(header: str) -> Target | None:
    """What a column of this name is; None if it is unknown, or known to be of no use."""
    return next((KNOWN[key] for key in _variants(header) if key in KNOWN), None)


def layout_of(header: list[str]) -> str:
    """The program this header is from; empty for a plain sheet."""
    keys = {key for name in header for key in _variants(name)}
    return next((layout for layout, needed, signs in _RULES if needed <= keys and signs & keys), "")
