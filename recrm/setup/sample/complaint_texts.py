"""What clients complain of: the grievance, why it came about, how it was put right, and what was changed since."""

from __future__ import annotations

from typing import NamedTuple


class ComplaintText(NamedTuple):
    """What is said of one complaint."""

    text: str
    cause: str
    resolution: str
    measures: str


def _texts(text: str) -> tuple[ComplaintText, ...]:
    """Four parts a row; one that ends in a bar goes on in the next line."""
    rows = text.replace("|\n", "|").strip().splitlines()
    return tuple(ComplaintText(*(part.strip() for part in row.split("|"))) for row in rows)


# By language and severity; who writes neither Chinese nor French is written down in English.
GRUDGES = {
    "zh": {
        "general": _texts("""
            约好三点看房，等了四十分钟没人来 | 排班冲突 | 当面道歉，重新约看 | 看房前一小时必发确认
            连续三天打电话没人回 | 漏接电话 | 主管致歉，换专人对接 | 每天下班前清点未接来电
            合同里我的名字写错了两次 | 录入未核对 | 重新打印签字 | 合同双人校对
            中介费和当初说的不一样 | 报价没有书面确认 | 按原口头报价执行 | 报价一律书面确认
        """),
        "major": _texts("""
            定金付了，房东又把房子卖给别人 | 房东一房二卖 | 定金双倍退还 | 收定金前锁定房源并公示
            资金监管账户迟迟没有放款 | 材料漏交 | 当天补交，次日放款 | 放款材料清单双人核对
        """),
        "maintenance": _texts("""
            热水器坏了四天，一家老小没法洗澡 | 设备老化 | 更换新热水器 | 每年十月检修
            卫生间漏水，楼下找上门了 | 管道老化 | 换管并赔偿楼下粉刷 | 交房前做闭水试验
            门锁失灵，进不了家门 | 电池耗尽 | 换锁芯，备用钥匙放门店 | 入住时交代换电池
        """),
    },
    "en": {
        "general": _texts("""
            Waited forty minutes outside, nobody came to the viewing | double booking |
                apologised, shown on Sunday | confirm every viewing an hour ahead
            Three messages in a week and not one answer | messages went to an old inbox |
                one person answers from now on | the old inbox is forwarded
            My name is spelt wrong in the contract, twice | typed from memory |
                new copies signed | names copied from the passport
            The fee on the invoice is not the one we agreed | no written quote |
                invoice corrected | quotes in writing only
        """),
        "major": _texts("""
            We paid the deposit and the flat was let to somebody else | two offers accepted |
                deposit repaid, fee waived | a home is locked once a deposit is in
            Completion failed because the papers were not filed | file not handed over |
                filed by courier, completed two days later | two people check every file
        """),
        "maintenance": _texts("""
            No heating since Monday and two small children in the flat | old boiler |
                boiler replaced | yearly service booked
            Water is coming through the bathroom ceiling again | failed seal upstairs |
                resealed and repainted | photographs at every handover
            The front door does not lock | worn lock |
                lock changed the same evening | spare locks kept at the office
        """),
    },
    "fr": {
        "general": _texts("""
            Personne n'est venu à la visite, nous avons attendu une demi-heure | double réservation |
                excuses, visite refaite | confirmer chaque visite
        """),
        "major": _texts("""
            L'acompte versé, l'appartement a été loué à un autre | deux offres acceptées |
                acompte remboursé | bien bloqué dès l'acompte
        """),
        "maintenance": _texts("""
            Plus de chauffage depuis lundi | chaudière ancienne | chaudière remplacée | entretien annuel
        """),
    },
}


def complaint_texts(language: str, severity: str) -> tuple[ComplaintText, ...]:
    """What there is to complain of."""
    return GRUDGES.get(language, GRUDGES["en"])[severity]


# What is said along the way, in Chinese and in English.
DONE = {
    "zh": ("已致电客户，说明处理安排", "师傅已上门查看", "方案已发给客户", "负责人已到现场"),
    "en": ("Rang the client and said what happens next", "Went round to look", "Plan sent", "On site now"),
}
ALONG = {
    "zh": {"reopened": "客户说问题又出现了", "closed": "客户表示满意", "called-back": "回访，一切正常"},
    "en": {
        "reopened": "It happened again, the client says",
        "closed": "The client is satisfied",
        "called-back": "All well, and glad to be asked",
    },
}
