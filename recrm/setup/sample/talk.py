"""What is said, by language: what we told them, what they told us, what was promised and how it went.

`{area}` is a place, `{price}` an amount in the way that language writes it. A line is a channel, the text, and
how the client took it ("" where nothing was noted).
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from recrm.setup.sample.chance import pick


class Line(NamedTuple):
    """One conversation, before a client and a time are put to it."""

    channel: str
    text: str
    feedback: str


class Promise(NamedTuple):
    """What is promised, and, once it is kept, by which channel and what the log says."""

    reason: str
    channel: str
    outcome: str


def _promises(table: str) -> tuple[Promise, ...]:
    rows = (row.split("|") for row in table.strip().splitlines())
    return tuple(Promise(*(part.strip() for part in row)) for row in rows)


def _lines(table: str) -> tuple[Line, ...]:
    """`channel | text | feedback`, one a line."""
    rows = (row.split("|") for row in table.strip().splitlines())
    return tuple(Line(*(part.strip() for part in (*row, "")[:3])) for row in rows)


def _pairs(table: str) -> tuple[tuple[str, str], ...]:
    rows = (row.split("|") for row in table.strip().splitlines())
    return tuple((first.strip(), second.strip()) for first, second in rows)


AREAS = {
    "zh": "梧桐苑 江湾里 云栖府 南湖花园 学府里 望江台 春晓苑 银杏湾 桂花巷 听松阁 半岛一号 石库里 月河湾".split(),
    "en": "Harbour Row,Maple Court,Canal Street,the Old Mill,Linden Gardens,Quarry Hill,Station Lofts,Willow Bank,"
    "Priory Close,Orchard House,Lighthouse Quay,Pepper Lane".split(","),
    "fr": "la rue des Tanneurs,le quai aux Fleurs,la résidence des Tilleuls,le passage du Moulin,la Butte".split(","),
    "vi": "Sông Xanh,Vườn Cau,Bến Trúc,Phố Gạo,Hồ Sen".split(","),
}

OUT = {
    "zh": _lines("""
        call | 介绍了{area}新出的三居，报价{price} | 觉得价格偏高，想再看看
        call | 房东同意降到{price}，马上告诉了客户 | 很高兴，约周末再谈
        call | 问了贷款预审进度 | 银行说还差收入证明
        call | 回访，近期没有合适房源，约好月底再联系 | 不着急
        call | 确认了{area}的学区划分 | 放心了，要和家里人商量
        call | 没接，发了短信 |
        wechat | 发了{area}的户型图和视频 | 喜欢朝南的主卧
        wechat | 发了三套{area}的备选，总价都在{price}以内 | 第二套感兴趣
        wechat | 提醒带身份证和户口本 | 收到
        wechat | 节日问候，顺便说了{area}最近的成交价 | 谢谢，有数了
        wechat | 转发了物业费和车位的说明 | 车位太贵了
        viewing | 带看{area}，六楼，采光好 | 喜欢阳台，嫌电梯小
        viewing | 带看{area}两套 | 第一套太吵，第二套想带父母再来
        viewing | 复看{area}，量了客厅尺寸 | 基本满意，等家人意见
        meeting | 到店面谈，梳理了预算和税费，首付够{price} | 比预想的清楚
        meeting | 和房东、客户三方谈价，底价{price} | 双方还差一点
        email | 发了{area}的产权调查和费用清单 | 看过了，没有问题
        sms | 提醒明天看房的时间和地址 | 好的
    """),
    "en": _lines("""
        call | Told them about the new two-bed at {area}, asking {price} | finds it dear, wants to think
        call | The seller came down to {price}; rang at once | delighted, will talk to the bank
        call | Asked how the mortgage in principle is going | bank still wants two payslips
        call | Nothing new that fits; agreed to speak at the end of the month | in no hurry
        call | Went through the survey of {area} together | damp in the cellar worries them
        call | No answer, left a message |
        email | Sent floor plan and energy certificate for {area} | likes the layout
        email | Sent three homes around {area}, all below {price} | wants to see the second
        email | Sent the fees and the timeline to completion | clear, thanks
        email | Draft tenancy agreement for {area} sent | asked about the pets clause
        viewing | Showed {area}, top floor, morning light | loved the balcony, kitchen too small
        viewing | Second viewing at {area} with a tape measure | the sofa fits
        viewing | Showed two flats at {area} | first too noisy, second a maybe
        meeting | Coffee at the office, went over budget and stamp duty | ready up to {price}
        meeting | Listed what the house at {area} needs before photographs | will paint the hall
        whatsapp | Sent a short film of {area} | watched it twice
        whatsapp | Reminded them of tomorrow's viewing, and where to park | thumbs up
        sms | Running ten minutes late for {area} | no problem
    """),
    "fr": _lines("""
        call | Présenté le trois-pièces près de {area}, prix demandé {price} | trouve cela un peu cher
        call | Le vendeur accepte {price}, prévenu tout de suite | très contente
        call | Pas de réponse, message laissé |
        email | Envoyé le plan et le diagnostic du bien près de {area} | aime la lumière du séjour
        email | Envoyé le compromis à relire | deux questions sur les charges
        viewing | Visite près de {area}, troisième étage sans ascenseur | charmés, mais l'escalier…
        meeting | Point au bureau sur le budget et les frais de notaire | prêts jusqu'à {price}
        whatsapp | Rappel de la visite de demain | merci, à demain
    """),
    "vi": _lines("""
        call | Giới thiệu căn hộ hai phòng ngủ ở {area}, giá {price} | thấy hơi cao
        call | Chủ nhà giảm còn {price}, báo ngay cho khách | rất vui
        call | Gọi không nghe máy, đã nhắn tin |
        whatsapp | Gửi video căn hộ ở {area} | thích ban công
        viewing | Dẫn xem nhà ở {area} | thích bếp, chê ồn
        meeting | Gặp ở văn phòng, nói về ngân sách và thuế | đồng ý tới {price}
        email | Gửi hợp đồng thuê nhà ở {area} | hỏi về tiền cọc
    """),
}

IN = {
    "zh": _lines("""
        call | 问{area}那套还在不在 | 想周末看
        call | 想把{area}的房子挂出来，心理价{price} | 希望两个月内卖掉
        wechat | 问首付最低要多少，总价{price} |
        wechat | 发来几张喜欢的装修照片 | 喜欢简洁的
        wechat | 问能不能再谈{price} | 诚心要
        meeting | 路过进店坐了坐，问了行情 | 还在观望
        sms | 问看房改到下午行不行 |
    """),
    "en": _lines("""
        call | Asks whether {area} is still available | would like to see it this week
        call | Wants to put the flat at {area} on the market, hopes for {price} | needs to sell by spring
        email | Asks what the service charge at {area} covers |
        email | Found {area} on the portal, asks for a viewing | flexible after five
        whatsapp | Sends photographs of a kitchen they love | wants it just like that
        meeting | Dropped in, asked about the market | still watching
        sms | Asks to move the viewing to the afternoon |
    """),
    "fr": _lines("""
        call | Demande si le bien près de {area} est toujours disponible | voudrait visiter samedi
        email | Demande le détail des charges |
        whatsapp | Demande si {price} est négociable | motivée
    """),
    "vi": _lines("""
        call | Hỏi căn ở {area} còn không | muốn xem cuối tuần
        whatsapp | Hỏi {price} có bớt được không | có thiện chí
        email | Hỏi về phí quản lý |
    """),
}

# Waiting for an answer this morning.
ASKED = {
    "zh": _lines("""
        wechat | 您好，{area}那套三居还在吗？周六下午能看吗？
        wechat | 房东的底价到底是多少？{price}可以的话我今天就定
        call | 来电问贷款利率又降了没有，请回电
    """),
    "en": _lines("""
        email | Is the two-bed at {area} still for sale? We could come on Saturday.
        whatsapp | Would they take {price}? We could sign this week.
        call | Rang while you were out: please call back about {area}
    """),
    "fr": _lines("email | Bonjour, le bien près de {area} est-il encore à vendre ? Nous pourrions venir samedi."),
    "vi": _lines("whatsapp | Căn hộ ở {area} còn không ạ? Thứ bảy em xem được không?"),
}

PROMISES = {
    "zh": _promises("""
        发{area}的户型图 | wechat | 按约发了{area}的户型图
        问房东{price}肯不肯出 | call | 问过房东，{price}可以谈
        约周末带看{area} | wechat | 约好了，周六上午带看{area}
        把税费算清楚发过去 | wechat | 税费清单算好发过去了
        问银行预审结果 | call | 银行预审通过，告诉了客户
        带父母复看{area} | viewing | 带父母复看了{area}
        催物业开结清证明 | call | 结清证明拿到了
        送合同去签字 | meeting | 合同已签回
    """),
    "en": _promises("""
        send the floor plan of {area} | email | Sent the floor plan of {area}, as promised
        ask the seller whether {price} would do | call | Asked the seller: {price} would do if it is quick
        arrange a viewing at {area} | whatsapp | Viewing at {area} arranged for Saturday
        work out stamp duty and fees | email | Sent the sums: stamp duty and fees
        ring about the mortgage decision | call | The mortgage is agreed, told them
        second viewing at {area} with the parents | viewing | Second viewing at {area}, parents and all
        chase the managing agent for the pack | email | The pack is here and passed on
        bring the contract round for signing | meeting | Contract signed
    """),
    "fr": _promises("""
        envoyer le plan du bien près de {area} | email | Plan envoyé comme promis
        demander au vendeur s'il accepte {price} | call | Le vendeur réfléchit à {price}
        organiser la visite près de {area} | email | Visite fixée à samedi
        rappeler au sujet du prêt | call | Prêt accordé, prévenu
    """),
    "vi": _promises("""
        gửi bản vẽ căn hộ ở {area} | whatsapp | Đã gửi bản vẽ
        hỏi chủ nhà có chịu {price} không | call | Chủ nhà đồng ý {price}
        hẹn xem nhà ở {area} | whatsapp | Đã hẹn thứ bảy
    """),
}
# How a kept promise is taken.
THANKS = {
    "zh": ("谢谢", "很及时", "收到", ""),
    "en": ("thanks", "pleased", "that was quick", ""),
    "fr": ("merci", ""),
    "vi": ("cảm ơn", ""),
}

# What comes back by itself: how often, and what for.
RECURRING = {
    "zh": _pairs("1m | 收租日，确认房租到账\n2w | 汇报挂牌进展\n1w | 更新{area}的新房源\n3m | 问租约续不续"),
    "en": _pairs(
        "1m | check that the rent has come in\n2w | report on the marketing of {area}\n"
        "1w | new listings around {area}\n3m | ask about renewing the lease"
    ),
    "fr": _pairs("1m | vérifier le loyer\n2w | point sur la commercialisation"),
    "vi": _pairs("1m | kiểm tra tiền thuê nhà\n2w | báo tin rao bán"),
}


def spoken(rng: Random, language: str, text: str) -> str:
    """A text with its place and amount filled in."""
    if "{" not in text:
        return text
    amount = 90 + int(rng.random() * rng.random() * 1400)
    if language == "zh":
        price = f"{amount}万"
    elif language == "fr":
        price = f"{amount} 000 €"
    elif language == "vi":
        price = f"{amount / 100:.1f} tỷ"
    else:
        price = f"{amount},000"
    return text.format(area=pick(rng, AREAS[language]), price=price)
