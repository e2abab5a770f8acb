"""Who comes into the shop: names from several generations and countries, every one put together by chance."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from recrm.setup.sample.chance import pick


def _weighted(names: str) -> tuple[str, ...]:
    """`王71 李70`: each word as many times as its number says, so that a plain choice is a weighted one."""
    pool: list[str] = []
    for entry in names.split():
        name = entry.rstrip("0123456789")
        pool += [name] * int(entry[len(name) :] or 1)
    return tuple(pool)


# Per mille of the Chinese population, by and large; the last line is rarer in life than here, because its
# names are the ones that programs read wrongly.
_SURNAMES = _weighted("""
    王71 李70 张66 刘53 陈46 杨30 黄22 赵20 吴20 周19 徐17 孙15 马13 朱13 胡12 郭12 何12 林11 高10 罗9 郑9 梁8
    谢7 宋7 唐7 许7 韩6 冯6 邓6 曹6 彭6 曾6 肖6 田5 董5 潘5 袁5 蔡5 蒋5 余5 于5 杜5 叶5 程5 魏4 苏4 吕4 丁4 任4
    卢4 姚4 沈4 钟4 姜4 崔4 谭4 陆4 范4 汪4 廖4 石3 金3 韦3 贾3 夏3 付3 方3 邹3 熊3 白3 孟3 秦3 邱3 侯3 江3 尹3
    薛3 闫3 段2 雷2 龙2 黎2 史2 陶2 贺2 毛2 郝2 顾2 龚2 邵2 万2 覃2 武2 钱2 戴2 严2 莫2 孔2 向2 常2
    欧阳2 单 仇 解 查 上官 司马 尉迟 诸葛
""")
# By generation: parents who sell, those who trade up, and those who buy their first home.
_GIVEN = _weighted("""
    建国3 建华3 志强4 国强3 秀英4 桂兰2 玉兰2 秀兰2 淑珍2 桂英2 德明2 永福 金凤 国庆2 卫东2 爱华2 红梅3 春梅2 玉梅2
    凤英 文斌2 志明3 建平2 建军3 海燕3 丽华3
    伟6 芳5 娜3 静6 丽5 强4 磊5 敏5 洋4 艳4 勇4 军4 杰4 娟4 涛4 超4 霞3 平3 刚3 辉3 鹏4 斌3 婷4 玲3 燕3 颖3 琳3
    明辉 晓东2 晓燕3 晓明2 海涛2 海波2 丽娟2 丽娜2 雪梅2 文静2 小红 立新 少华 俊杰3 志伟3 建伟2 文杰2 永强2
    倩3 佳3 雪3 宇4 浩4 晨4 欣3 悦3 思远2 思雨3 佳琪2 佳怡3 梦琪2 雨晴2 雨桐3 欣怡3 子轩3 子涵3 浩然3 梓涵3 宇轩3
    一诺2 诗涵2 若曦2 奕辰2 语嫣 皓轩2 嘉豪2 嘉欣2 晓彤2 天宇2 泽宇2 婉清 慕晴 知远 景行 予安 朝阳 长乐 重阳
""")
_ENGLISH = (
    "Olivia Emma Charlotte Amelia Grace Hannah Rachel Claire Laura Megan Alice Nora Ruth Helen Diana Fiona "
    "James Oliver William Henry Thomas George Edward Daniel Samuel Peter Martin Simon Victor Neil Owen Hugh "
    "Priya Anita Ravi Arjun Chidi Ngozi Fatima Yusuf Leila Omar Sofia Mateo Lucia Diego Ingrid Lars"
).split()
_ENGLISH_LAST = (
    "Smith Jones Taylor Brown Wilson Evans Walker Wright Green Hall Wood Clarke Hughes Edwards Harris Cooper "
    "Ward Turner Parker Bennett Reed Bailey Murphy Kelly Ryan O'Connor O'Neill MacLeod Fraser Sinclair Doyle "
    "Patel Sharma Mehta Okafor Adeyemi Haddad Rahman García Fernández Rossi Lindqvist Novák Kowalska Whitfield"
).split()
_GERMAN = "Anke Birgit Jürgen Klaus Sabine Uwe Katrin Matthias Greta Björn".split()
_GERMAN_LAST = "Müller Schröder Vogel Krämer Böhm Lange Weiß Hartmann Jäger Brandt".split()
_FRENCH = "Amélie Benoît Camille Chloé Élodie François Gaëlle Hélène Jérôme Léa Mathéo Noémie Océane Rémi Zoé".split()
_FRENCH_LAST = "Martin Bernard Lefèvre Moreau Girard Roussel Chevalier Dubois Faure Lemaître Garnier Béranger".split()
_VIETNAMESE_LAST = _weighted("Nguyễn38 Trần11 Lê10 Phạm7 Hoàng5 Phan5 Vũ4 Đặng2 Bùi2 Đỗ2 Hồ1 Ngô1")
_VIETNAMESE_MIDDLE = "Thị Văn Thu Minh Thanh Đức Ngọc Quang Hồng Gia".split()
_VIETNAMESE = "Lan Hà Hương Mai Linh Trang Tuấn Dũng Hải Nam Phương Thảo Khánh Bảo Sơn Yến".split()
_CITIES = "上海 杭州 深圳 苏州 南京 成都".split()
_MADE_UP = "云栖 青禾 沐光 拾野 半山 松果 澜岸 鹿鸣 千帆 一苇 知木 望舒".split()
_TRADES = ("物业有限公司", "商务咨询有限公司", "酒店管理有限公司", "餐饮有限公司")
_FIRMS = "Acme Fernhill Northgate Bluebird Lanternfish Copperleaf Tidewater Marrow&Pine Hopscotch".split()
_FIRM_TRADES = ("Relocation Ltd", "Holdings Ltd", "Coffee Roasters", "Dental Studio", "Lettings LLP")

# Language and country of the phone, out of a hundred clients.
_ORIGINS = (
    (("zh", "CN"),) * 58
    + (("zh", "SG"),) * 2
    + (("en", "US"),) * 13
    + (("en", "GB"),) * 10
    + (("en", "SG"),) * 3
    + (("de", "DE"),) * 3
    + (("fr", "FR"),) * 6
    + (("vi", "VN"),) * 5
)


@dataclass(frozen=True, slots=True)
class Person:
    """A name, person or company; the language they write and the country of their phone."""

    name: str
    kind: str
    language: str
    country: str


def someone(rng: Random) -> Person:
    """A private person. Those who write German are spoken to in English."""
    language, country = pick(rng, _ORIGINS)
    if language == "zh":
        name = pick(rng, _SURNAMES) + pick(rng, _GIVEN)
    elif language == "fr":
        name = f"{pick(rng, _FRENCH)} {pick(rng, _FRENCH_LAST)}"
    elif language == "vi":
        name = f"{pick(rng, _VIETNAMESE_LAST)} {pick(rng, _VIETNAMESE_MIDDLE)} {pick(rng, _VIETNAMESE)}"
    elif language == "de":
        return Person(f"{pick(rng, _GERMAN)} {pick(rng, _GERMAN_LAST)}", "person", "en", country)
    else:
        name = f"{pick(rng, _ENGLISH)} {pick(rng, _ENGLISH_LAST)}"
    return Person(name, "person", language, country)


def company(rng: Random) -> Person:
    """A firm that rents, lets or sends its people."""
    if rng.random() < 0.6:
        return Person(pick(rng, _CITIES) + pick(rng, _MADE_UP) + pick(rng, _TRADES), "company", "zh", "office")
    return Person(f"{pick(rng, _FIRMS)} {pick(rng, _FIRM_TRADES)}", "company", "en", "GB")
