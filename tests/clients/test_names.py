"""Readings of names, and whether what an agent types finds them."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrm.clients.names import Reading, read_name, search_key
from recrm.core.text import fold


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("李娜", "li na", "ln"),
        ("李 娜", "li na", "ln"),
        ("欧阳娜娜", "ou yang na na", "oynn"),
        ("吕绿", "lv lv", "ll"),
        ("王Anna", "wang anna", "wa"),
        ("Anna 王", "anna wang", "aw"),
        ("阿卜杜拉·买买提", "a bu du la mai mai ti", "abdlmmt"),
        ("王长江", "wang chang jiang", "wcj"),
        ("Anna de Vries", "", "adv"),
        ("O'Brien, Zoë", "", "obz"),
        ("김민수", "", "김"),
        ("😀!", "", ""),
        ("", "", ""),
    ],
)
def test_names_are_read(name: str, pinyin: str, initials: str) -> None:
    assert read_name(name) == Reading(pinyin, initials)


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        *(
            ("单雄信", "shan xiong xin"),
            ("單雄信", "shan xiong xin"),
            ("解缙", "xie jin"),
            ("仇英", "qiu ying"),
        ),
        *(
            ("曾国藩", "zeng guo fan"),
            ("查良镛", "zha liang yong"),
            ("任正非", "ren zheng fei"),
            ("区寄", "ou ji"),
        ),
        *(
            ("华罗庚", "hua luo geng"),
            ("朴树", "piao shu"),
            ("冼星海", "xian xing hai"),
            ("翟天临", "zhai tian lin"),
        ),
        *(
            ("缪荃孙", "miao quan sun"),
            ("员半千", "yun ban qian"),
            ("乐毅", "yue yi"),
            ("秘彭祖", "bi peng zu"),
        ),
        *(
            ("召信臣", "shao xin chen"),
            ("种师道", "chong shi dao"),
            ("折德扆", "she de yi"),
            ("宓妃", "mi fei"),
        ),
        *(("祭仲", "zhai zhong"), ("盖叫天", "ge jiao tian"), ("卜学亮", "bu xue liang"), ("阚泽", "kan ze")),
        *(("尉迟恭", "yu chi gong"), ("万俟卨", "mo qi xie"), ("长孙无忌", "zhang sun wu ji")),
        *(("令狐冲", "ling hu chong"), ("澹台灭明", "tan tai mie ming")),
        *(("老单", "lao shan"), ("小解", "xiao xie")),
    ],
)
def test_surnames_are_read_as_their_bearers_do(name: str, pinyin: str) -> None:
    assert read_name(name).pinyin == pinyin


def test_a_surname_reading_stays_out_of_given_names() -> None:
    assert read_name("王乐").pinyin == "wang le"
    assert read_name("王单").pinyin == "wang dan"
    assert read_name("乐乐").pinyin == "le le"


@pytest.mark.parametrize(
    ("name", "override", "reading"),
    [
        ("盖玥希", "gài", Reading("gai yue xi", "gyx")),
        ("单田芳", "Dān Tián Fāng", Reading("dan tian fang", "dtf")),
        ("吕不韦", "Lǚ Bù Wéi", Reading("lv bu wei", "lbw")),
        ("Anna Wong", "huang an'na", Reading("huang an na", "han")),
        ("李娜", "", Reading("li na", "ln")),
    ],
)
def test_the_client_knows_best(name: str, override: str, reading: Reading) -> None:
    assert read_name(name, override) == reading


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("李娜", "李娜 李 ln lina na LiNa"),
        ("李 娜", "李娜 lina"),
        ("王Anna", "王anna wanganna wa anna"),
        ("Zoë de Vries", "zoe Zoë zoedevries zdv"),
        ("吕绿", "lvlv lulu lyulyu lü ll"),
        ("单雄信", "shan sxx dan"),
        ("盖玥", "geyue gaiyue"),
        ("吴晟", "wusheng wucheng ws wc"),
        ("覃长乐", "qin tan qinzhangle qinchangyue"),
        ("𠮷野家", "𠮷野 yejia"),
    ],
)
def test_what_an_agent_types_finds_the_name(name: str, queries: str) -> None:
    key = search_key(name, read_name(name))
    assert [query for query in queries.split() if fold(query) not in key] == []


def test_a_search_does_not_run_across_two_spellings() -> None:
    assert "lnli" not in search_key("李娜", read_name("李娜"))
    assert search_key("李娜", read_name("李娜")).split("\n") == ["李娜", "ln", "li na", "lina"]


@given(st.text(), st.text())
def test_any_name_is_read_and_found_by_itself(name: str, override: str) -> None:
    reading = read_name(name, override)
    key = search_key(name, reading)
    assert fold(name) in key
    assert reading.pinyin in key
    assert reading.initials in key


def test_reading_needs_neither_pypinyin_nor_its_table_without_cause() -> None:
    script = (
        "import sys; from recrm.clients import names; names.read_name('Anna');"
        "assert not names._dictionary.cache_info().currsize; names.read_name('李娜');"
        "assert 'pypinyin' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_pypinyin_still_keeps_its_table_where_we_read_it() -> None:
    package = find_spec("pypinyin")
    assert package
    assert package.submodule_search_locations
    assert Path(package.submodule_search_locations[0], "pinyin_dict.json").exists()
