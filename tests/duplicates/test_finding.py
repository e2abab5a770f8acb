"""Who may be one: how names are compared, what counts how much, and that nobody is compared in vain."""

from __future__ import annotations

from typing import Any

import pytest

from recrm.clients.names import read_name, search_key
from recrm.core.text import display_width
from recrm.duplicates import store
from recrm.duplicates.model import LEAST, Person, Point, Rarity, evidence_of, score_pair
from recrm.duplicates.name_similarity import Name, NameSimilarity, distance, letters, likeness, name_of, typo_keys
from recrm.storage.db import Database
from tests.conftest import Shop
from tests.storage.kit import a_client, insert, ram_shop


def name(text: str) -> Name:
    reading = read_name(text)
    return name_of(search_key(text, reading), reading.pinyin)


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("王丽", "王丽", NameSimilarity.SAME),
        ("李娜", "李 娜", NameSimilarity.SAME),
        ("Wang Li", "WANG LI", NameSimilarity.SAME),
        ("Wang Li", "Li Wang", NameSimilarity.SAME),
        ("Wang Li", "ＷＡＮＧ　Ｌｉ", NameSimilarity.SAME),
        ("Zoé Béranger", "BERANGER, Zoe", NameSimilarity.SAME),
        ("Wangli", "Wang Li", NameSimilarity.SAME),
        ("John Paul Smith", "Smith John Paul", NameSimilarity.SAME),
        ("王丽", "Wang Li", NameSimilarity.READ),
        ("王丽", "LI WANG", NameSimilarity.READ),
        ("王小明", "Wang Xiaoming", NameSimilarity.READ),
        ("王小明", "Xiaoming Wang", NameSimilarity.READ),
        ("吕洋", "Lu Yang", NameSimilarity.READ),
        ("单丽", "Shan Li", NameSimilarity.READ),
        ("王丽", "王莉", NameSimilarity.SOUND),
        ("王小明", "王晓明", NameSimilarity.SOUND),
        ("王小明", "王大明", NameSimilarity.NEAR),
        ("王丽", "王强", NameSimilarity.FAMILY),
        ("王丽", "张伟", NameSimilarity.DIFFERENT),
        ("王先生", "王丽", NameSimilarity.OPEN),
        ("老王", "王建国", NameSimilarity.OPEN),
        ("Katharina Schneider", "Katarina Schneider", NameSimilarity.TYPO),
        ("Katharina Schneider", "Katarina Schnieder", NameSimilarity.TYPO),
        ("Phan Thanh Hà", "Phan Thanh Hải", NameSimilarity.FAMILY),
        ("Wang Xiaoming", "Wang Xiaoning", NameSimilarity.NEAR),
        ("Client 12345", "Client 12346", NameSimilarity.FAMILY),
        ("J. Smith", "John Smith", NameSimilarity.SHORT),
        ("John Smith", "John Michael Smith", NameSimilarity.SHORT),
        ("W. Li", "王丽", NameSimilarity.SHORT),
        ("John Smith", "Jane Smith", NameSimilarity.FAMILY),
        ("John Smith", "Mary Brown", NameSimilarity.DIFFERENT),
        ("Иван Петров", "Петров Иван", NameSimilarity.SAME),
    ],
)
def test_names_are_alike_in_any_script_and_order(one: str, other: str, like: NameSimilarity) -> None:
    assert likeness(name(one), name(other)) == like
    assert likeness(name(other), name(one)) == like
    if like in (NameSimilarity.SAME, NameSimilarity.READ, NameSimilarity.SOUND):
        assert letters(name(one)) & letters(name(other)), "they lie in one block"
    if like == NameSimilarity.TYPO:
        assert set(typo_keys(name(one).compact)) & set(typo_keys(name(other).compact))


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("", "", 0), ("a", "", 1), ("abc", "acb", 1), ("kitten", "sitting", 3), ("abcdef", "uvwxyz", 3), ("ab", "ab", 0)],
)
def test_distance_counts_up_to_one_more_than_asked(one: str, other: str, steps: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == steps


@pytest.mark.parametrize(
    ("kind", "key", "proof"),
    [
        ("phone", "+8613800138000", ("phone", "+8613800138000:")),
        ("wechat", "13800138000", ("phone", "+8613800138000:")),
        ("whatsapp", "+86 138 0013 8000", ("phone", "+8613800138000:")),
        ("email", "a@example.com", ("email", "a@example.com")),
        ("wechat", "lina_007", ("wechat", "lina_007")),
        ("wechat", "有", None),
        ("wechat", "同手机", None),
        ("qq", "无", None),
        ("website", "example.com", None),
    ],
)
def test_only_what_is_somebody_s_own_is_evidence(kind: str, key: str, proof: tuple[str, str] | None) -> None:
    assert evidence_of(kind, key) == proof


PHONE = {("phone", "+8613800138000:"): Point("+86 138 0013 8000", frozenset({""}))}
OTHER_PHONE = {("phone", "+8613900139000:"): Point("+86 139 0013 9000", frozenset({""}))}
DESK = {("phone", "+8613800138000:"): Point("+86 138 0013 8000 ext. 2", frozenset({"2"}))}
HOME = {("address", "1 high street"): Point("1 High Street", frozenset({""}))}
MAY, JUNE = (1990, 5, 20), (1991, 6, 1)


def person(text: str, points: dict[tuple[str, str], Point] | None = None, **more: object) -> Person:
    known: dict[str, object] = {"is_company": False, "born": None, "occupation": "", "referrer_id": None}
    return Person(id=len(text), name=name(text), points=points or {}, **(known | more))  # type: ignore[arg-type]


def score(one: Person, other: Person, bearers: int = 2, sharing: int = 2) -> int:
    points, reasons = score_pair(one, other, Rarity(bearers, bearers, dict.fromkeys(PHONE, sharing)))
    assert (points, sorted(reasons)) == (
        (backwards := score_pair(other, one, Rarity(bearers, bearers, dict.fromkeys(PHONE, sharing))))[0],
        sorted(backwards[1]),
    )
    return points


def test_evidence_adds_up_and_contradiction_takes_off() -> None:
    falling = [
        score(person("王丽", PHONE), person("Wang Li", PHONE)),
        score(person("王丽", PHONE), person("王先生", PHONE)),
        score(person("王丽"), person("王丽")),
        score(person("王丽", PHONE), person("王丽", OTHER_PHONE)),
        LEAST,
        score(person("王丽", PHONE), person("王强", PHONE)),
        score(person("王丽", PHONE), person("王丽", OTHER_PHONE), bearers=30),
        score(person("王丽", PHONE, born=MAY), person("王强", PHONE, born=JUNE)),
    ]
    assert falling == sorted(falling, reverse=True)
    assert falling[0] == 100
    assert falling[3] > LEAST > falling[5]
    assert score(person("王丽"), person("张伟")) == 0


def test_different_birthdays_speak_against_and_the_same_one_for() -> None:
    plain = score(person("王丽"), person("Wang Li"))
    assert score(person("王丽", born=MAY), person("Wang Li", born=MAY)) > plain
    assert score(person("王丽", born=MAY), person("Wang Li", born=(None, 5, 20))) > plain
    assert score(person("王丽", born=MAY), person("Wang Li", born=JUNE)) < LEAST
    assert score(person("王丽", born=MAY), person("Wang Li", born=(1991, 5, 20))) < LEAST


def test_a_name_says_less_the_more_clients_bear_it() -> None:
    scores = [score(person("张伟"), person("张伟"), bearers) for bearers in (2, 4, 8, 20, 100)]
    assert scores == sorted(set(scores), reverse=True)
    assert scores[0] > LEAST > scores[2]
    assert score(person("张伟", born=MAY), person("张伟", born=MAY), 100) >= LEAST


def test_a_shared_phone_says_less_the_more_share_it_and_a_switchboard_little() -> None:
    one, other = person("Ann Lee", PHONE), person("Ann Lee", PHONE)
    assert score(one, other, sharing=2) > score(person("Ann Lee"), person("Ann Lee")) + 30
    strangers = person("Ann Lee", PHONE), person("Bob Ray", PHONE)
    assert score(*strangers, sharing=2) > score(*strangers, sharing=20)
    assert score(person("Ann Lee", DESK), person("Bob Ray", PHONE)) < 20
    _, reasons = score_pair(person("Ann Lee", DESK), person("Bob Ray", PHONE), Rarity(1, 1, {}))
    assert reasons == ["same number +86 138 0013 8000, another extension: maybe one firm"]


def test_names_that_only_look_alike_need_something_beside_them() -> None:
    for text in ("王莉", "王丽丽"):
        assert score(person("王丽"), person(text)) < LEAST
    assert score(person("王小明", born=MAY), person("王晓明", born=MAY)) >= LEAST
    assert score(person("王丽", HOME, born=MAY), person("张伟", HOME, born=MAY)) < LEAST, "a couple, or twins"


def pairs(shop: Shop, *words: object) -> dict[tuple[int, int], int]:
    return {(pair["client_id"], pair["other_id"]): pair["score"] for pair in shop.get("find-duplicates", *words)}


def test_pairs_come_with_reasons_the_likeliest_first(shop: Shop) -> None:
    shop.add("王丽", "--phone", "13800138000", "--birthday", "1990-05-20")
    shop.add("Wang Li", "--wechat", "13800138000", "--birthday", "1990-05-20")
    shop.add("王强", "--phone", "13800138000", "--allow-duplicate")
    shop.add("Katharina Schneider", "--email", "k@example.com")
    shop.add("Katarina Schneider")
    shop.add("Bob Ray", "--wechat", "有")
    shop.add("Cid Moe", "--wechat", "有")
    found = shop.get("find-duplicates")
    assert [(pair["client_id"], pair["other_id"]) for pair in found] == [(1, 2), (4, 5)]
    assert found[0]["reasons"] == [
        "same phone +86 138 0013 8000", "same name in other letters", "same birthday"
    ]  # fmt: skip
    assert [client["name"] for client in found[0]["clients"]] == [found[0]["client"], found[0]["other"]]
    weaker = pairs(shop, "--least", 30)
    assert weaker[1, 3] == 45
    assert (6, 7) not in pairs(shop, "--least", 1)
    assert set(pairs(shop, "--least", 30, "--client", 5)) == {(4, 5)}
    assert set(pairs(shop, "--least", 30, "--client", "王强")) <= {(1, 3), (2, 3)}
    assert len(shop.get("find-duplicates", "--limit", 1)) == 1
    assert "same phone +86 138 0013 8000, but another given name: maybe one family" in shop.ok(
        "find-duplicates", "--least", 30, COLUMNS="250"
    )


def test_the_one_more_worth_keeping_comes_first_and_the_archived_are_marked(shop: Shop) -> None:
    for _ in range(3):
        shop.add("Ann Lee")
    shop.ok("log", 3, "called")
    shop.ok("archive-client", 1)
    assert set(pairs(shop)) == {(3, 1), (3, 2), (2, 1)}
    said = shop.ok("find-duplicates")
    assert said.count("Ann Lee (archived)") == 2
    assert said.splitlines()[-1] == "Make one of two, the first staying: `recrm merge-clients 2 1`."


def test_an_empty_shop_says_so(shop: Shop) -> None:
    assert "No two clients score 50 or more" in shop.ok("find-duplicates")
    assert shop.get("find-duplicates") == []


def test_long_hostile_chinese_names_fit_80_columns(shop: Shop) -> None:
    for text in ("很长的名字" * 20, "[/] Bob \x1b]52;c;aGk=\x07 [link=x]y"):
        for number in ("13800138000", "13900139000"):
            shop.add(text, "--phone", number, "--allow-duplicate")
    said = shop.ok("find-duplicates", COLUMNS="80")
    assert "\x1b" not in said
    assert "[link=x]" not in said or "[/] Bob" in said
    assert len(shop.get("find-duplicates")) == 2
    for line in said.splitlines()[:-1]:
        assert display_width(line) <= 80, line


def test_a_crowd_of_one_name_and_one_address_is_not_compared_all_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred of one name at one address are 44,850 pairs; a birthday that two of them share is found still."""
    shop, compared = ram_shop(), 0
    for number in range(1, 301):
        text = "张伟" if number % 2 else "Acme Dental Studio"
        born = {"birth_year": 1990, "birth_month": 5, "birth_day": 20} if number in (7, 299) else {}
        reading = read_name(text)
        key = search_key(text, reading)
        client_id = a_client(shop.conn, name=text, pinyin=reading.pinyin, search_key=key, **born)
        point = {"kind": "address", "value": "Shanghai", "shown": "Shanghai", "key": "shanghai"}
        insert(shop.conn, "contact_points", client_id=client_id, **point)

    def counting(*given: Any) -> tuple[int, list[str]]:
        nonlocal compared
        compared += 1
        return score_pair(*given)

    monkeypatch.setattr(store, "score_pair", counting)
    assert [(pair.ids, pair.score) for pair in store.Search(shop.conn, LEAST).pairs()] == [((7, 299), 65)]
    assert compared < 300 * 60
    compared = 0
    assert [pair.ids for pair in store.Search(shop.conn, LEAST, 299).pairs()] == [(7, 299)]
    assert compared < 1000


def test_every_rare_pair_is_in_a_block_and_memory_does_not_grow_with_the_names() -> None:
    """A typing error among two thousand names, each its own, and no two compared in vain."""
    shop = ram_shop()
    letters_of = "bcdfghklmnprstvw"
    for number in range(2000):
        a, b, c = number % 16, number // 16 % 16, number // 256
        text = f"{letters_of[a]}o{letters_of[b]}amundsen {letters_of[c]}illekens{letters_of[b]}ar"
        insert_named(shop, text)
    one, other = insert_named(shop, "Katharina Schneider"), insert_named(shop, "Schneider Katarina")
    third = insert_named(shop, "Katarina Schneider")
    found = {pair.ids for pair in store.Search(shop.conn, LEAST).pairs()}
    assert {(one, third), (other, third)} <= found


def insert_named(shop: Database, text: str) -> int:
    reading = read_name(text)
    return a_client(shop.conn, name=text, pinyin=reading.pinyin, search_key=search_key(text, reading))


def test_where_nobody_is_alike_one_sentence_says_so_and_how_to_look_for_less(shop: Shop) -> None:
    shop.add("Ann")
    assert shop.ok("find-duplicates") == "No two clients score 50 or more; `--least 30` looks for weaker signs.\n"
    assert shop.ok("find-duplicates", "--least", 1) == "No two clients score 1 or more.\n"
