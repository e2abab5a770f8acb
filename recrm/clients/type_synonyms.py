"""What people call the types of client, in English and Chinese, whatever the interface speaks."""

from __future__ import annotations

import re
import unicodedata

_WORD_BREAK = re.compile(r" ::: |[;；,，、|/／+&\n]")
_TYPES = {
    "buyer": "buyer buyers purchaser buying homebuyer 买家 买方 买房 买 求购 购房 购房者 购房人 意向购房",
    "seller": "seller sellers vendor selling homeseller 卖家 卖方 卖房 卖 业主 出售 售房",
    "tenant": "tenant tenants renter renters lessee renting 租客 租户 租房 租 求租 承租 承租方 承租人",
    "landlord": "landlord landlords landlady lessor 房东 出租 出租方 出租人 放租",
}
_BY_WORD = {word: kind for kind, words in _TYPES.items() for word in words.split()}


def split_types(text: str) -> tuple[list[str], list[str]]:
    """The types of client named, and the words that name none."""
    kinds: list[str] = []
    others: list[str] = []
    for part in _WORD_BREAK.split(text):
        word = unicodedata.normalize("NFKC", part).strip()
        key = word.casefold().removesuffix("客户").replace(" ", "")
        if kind := _BY_WORD.get(key):
            kinds.append(kind)
        elif word:
            others.append(word)
    return kinds, others
