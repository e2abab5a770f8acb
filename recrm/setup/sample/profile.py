"""What the shop knows of a client beside the name: texts and amounts, in the client's language where one would."""

from __future__ import annotations

from random import Random
from typing import Any

from recrm.setup.sample.chance import pick, share
from recrm.setup.sample.clock import Clock
from recrm.setup.sample.people import Person

SOURCES = ("walk-in", "portal", "portal", "open house", "window card", "WeChat Moments")
TYPES = (
    *((("buyer",),) * 11),
    *((("seller",),) * 4),
    *((("tenant",),) * 6),
    *((("landlord",),) * 4),
    ("buyer", "seller"),
    ("buyer", "seller"),
    ("landlord", "buyer"),
)
PERSONAS = ("first home", "upgrade", "upgrade", "investor")
TAGS = {
    "zh": ("学区房", "近地铁", "投资", "不要中介费", "全款", "换房", "南北通透", "带宠物"),
    "en": ("investor", "no-agents", "cash", "garden", "pets", "school-district", "relocating", "downsizing"),
}
FAMILIES = {
    "zh": (
        "已婚，一个女儿上小学",
        "单身",
        "新婚",
        "两个孩子，老人同住",
        "已婚，孩子在国外",
        "和父母一起看房",
        "二胎家庭，要四居",
    ),
    "en": (
        "married, two children",
        "single",
        "couple, first child in May",
        "lives with her mother",
        "divorced, son of 12",
    ),
    "fr": ("mariée, deux enfants", "en couple", "seul, un chat", "retraités"),
    "vi": ("đã kết hôn, hai con", "độc thân", "sống với bố mẹ"),
}
OCCUPATIONS = {
    "zh": (
        "中学老师",
        "软件工程师",
        "护士",
        "个体老板",
        "公务员",
        "会计",
        "设计师",
        "退休",
        "销售经理",
        "医生",
    ),
    "en": (
        "teacher",
        "software engineer",
        "nurse",
        "runs a bakery",
        "accountant",
        "architect",
        "retired",
        "pilot",
    ),
    "fr": ("professeure", "ingénieur", "infirmière", "restaurateur", "retraitée"),
    "vi": ("giáo viên", "kỹ sư", "y tá", "chủ quán phở", "kế toán"),
}
AVOID = {
    "zh": ("前任中介", "离婚", "房价下跌", "孩子的成绩", "上一套房亏的钱"),
    "en": (
        "divorce",
        "the previous agent",
        "what they paid in 2021",
        "her brother's share of the house",
        "politics",
    ),
    "fr": ("le divorce", "l'ancien agent", "la succession"),
    "vi": ("chuyện ly hôn", "môi giới cũ"),
}
NOTES = {
    "zh": (
        "只看朝南，楼层不要太高。",
        "周末才有空，工作日请发微信，不要打电话。",
        "预算卡得紧，但决定很快。",
        "父母出首付，最后要他们点头。",
        "想在九月开学前搬进去。",
        "看了一年多了，错过两套，这次是真的要买。",
        "养两只猫，房东要先说清楚。",
        "自己懂装修，毛坯也可以。",
        "钥匙在门店，带看前打个招呼就行。",
        "签约前一定要和律师朋友确认。",
    ),
    "en": (
        "South-facing only, and no ground floor.",
        "Works shifts: write, do not ring before noon.",
        "Tight budget, quick decisions.",
        "Her parents pay the deposit and have the last word.",
        "Wants to be in before school starts in September.",
        "Lost two homes to higher offers; will not bid again without a survey.",
        "Two cats. Ask the landlord first.",
        "Happy to renovate; bare walls are fine.",
        "Keys are at the office, a text before a viewing is enough.",
        "Met at the open house; very good company.",
    ),
    "fr": (
        "Dernier étage de préférence, avec ascenseur.",
        "Écrire plutôt qu'appeler, elle enseigne le matin.",
        "Cherche un pied-à-terre, pas pressé.",
        "Un chien. Demander au propriétaire.",
    ),
    "vi": (
        "Thích tầng thấp, gần trường học.",
        "Nhắn tin trước khi gọi.",
        "Bố mẹ quyết định cuối cùng.",
    ),
}
CREDIT = ("clean", "one late card payment in 2023", "pre-approved", "self-employed, two years of accounts")
CONSENTS = (
    "calls and WeChat, told us at the office",
    "everything, signed form",
    "email only",
    "calls, by phone",
)
BUSINESS_NOTES = {
    "zh": ("给外派员工租房，每年七八套。", "找两百平左右的办公室，要有停车位。"),
    "en": ("Houses its people here, six or seven lets a year.", "Wants 200 square metres with parking."),
}


def finances(rng: Random, currency: str) -> dict[str, Any]:
    """Income a year, debts and money for a down payment, in minor units, of those who told."""
    income = (12 + int(rng.random() * rng.random() * 140)) * 1_000_000
    return {
        "income_minor": income,
        "debts_minor": income * int(rng.random() * 8) // 4 if share(rng, 0.4) else None,
        "down_payment_minor": (20 + int(rng.random() * 180)) * 1_000_000 if share(rng, 0.8) else None,
        "currency": currency,
        "credit_note": pick(rng, CREDIT) if share(rng, 0.3) else None,
    }


def birthday(rng: Random, clock: Clock, ahead: int | None) -> dict[str, int | None]:
    """A grown-up's birthday: in so many days, or, for None, at a time of year that no list shows today."""
    coming = clock.day(-(9 + int(rng.random() * 345) if ahead is None else ahead))
    year = coming.year - 22 - int(rng.random() * 50)
    return {
        "birth_year": year if share(rng, 0.75) else None,
        "birth_month": coming.month,
        "birth_day": min(coming.day, 28) if coming.month == 2 else coming.day,  # no 29 Feb in a common year
    }


def texts_of(rng: Random, person: Person, *, private: bool) -> dict[str, Any]:
    """Persona, family, occupation, topics to avoid, note: what fits, and not everything is known."""
    language = person.language
    if not private:
        return {"note": pick(rng, BUSINESS_NOTES[language])}
    return {
        "persona": pick(rng, PERSONAS) if share(rng, 0.6) else None,
        "family": pick(rng, FAMILIES[language]) if share(rng, 0.5) else None,
        "occupation": pick(rng, OCCUPATIONS[language]) if share(rng, 0.6) else None,
        "avoid": pick(rng, AVOID[language]) if share(rng, 0.1) else None,
        "note": pick(rng, NOTES[language]) if share(rng, 0.6) else None,
    }


def tags_of(rng: Random, person: Person) -> list[str]:
    """Up to two tags."""
    pool = TAGS.get(person.language, TAGS["en"])
    return list(dict.fromkeys(pick(rng, pool) for _ in range(pick(rng, (0, 0, 1, 1, 2)))))
