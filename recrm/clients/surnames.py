"""Surnames and titles of Chinese: which part of a name is the surname, where that is sure, and what is none."""

from __future__ import annotations

from recrm.core.text import HAN

_DOUBLE = frozenset(
    "欧阳 歐陽 上官 司马 司馬 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 长孙 長孫 慕容 令狐 宇文 司徒 司空 夏侯 "
    "澹台 轩辕 端木 南宫 独孤 闻人 钟离 淳于 申屠 呼延 万俟 百里 东郭 西门".split()
)
# Surnames of nearly everybody; not those that are also how one speaks of people (老, 小, 大).
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文洪樊兰施牛温柴"
    "季俞章鲁葛毕纪左耿齐岳申裴詹岑翟梅童颜殷庄倪柳费凌单解查涂柯甘祝焦欧尤聂包翁卓窦骆关管穆游简霍晏瞿阮柏成冉谷苗臧屈"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓鄧馮蕭葉蘇呂盧鍾陸賈鄒閻龍賀顧龔萬錢嚴湯喬賴蘭溫魯畢紀齊莊費單歐聶竇駱關簡閆範"
)
# How anybody is addressed, before a Western name too; and what else follows a surname where no given name is known:
# 王先生, 张总.
FORMS_OF_ADDRESS = frozenset("先生 女士 小姐 太太".split())
_TITLES = FORMS_OF_ADDRESS | frozenset("老师 老師 经理 經理 医生 醫生 老板 师傅 阿姨 总 總 姐 哥 叔 姨 工 家".split())


def split_name(name: str) -> tuple[str, str]:
    """Family name and given name; the family name is empty where nobody can be sure of it.

    >>> split_name("李娜"), split_name("欧阳娜娜"), split_name("王先生"), split_name("Bob Smith")
    (('李', '娜'), ('欧阳', '娜娜'), ('', '王先生'), ('', 'Bob Smith'))
    """
    if 2 <= len(name) <= 4 and all(_is_han(character) for character in name):
        for length, known, longest in ((2, _DOUBLE, 4), (1, SURNAMES, 3)):
            family, given = name[:length], name[length:]
            if family in known and given and len(name) <= longest and given not in _TITLES:
                return family, given
    return "", name


def _is_han(character: str) -> bool:
    import re

    return bool(re.fullmatch(f"[{HAN}]", character))
