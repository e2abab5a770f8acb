"""The language that recrm speaks: whole templates in, whole sentences out.

English is what stands in the code and costs nothing. Another language's catalogue is read on the first sentence that
is wanted in it. A catalogue that is missing or damaged, and a translation whose placeholders are not the template's,
fall back to English: a sentence in the wrong language is better than none.
"""

from __future__ import annotations

import gettext as _gettext
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh_CN")
FOLDER = Path(__file__).parent.parent / "locale"
PLACEHOLDER = r"\{\w*\}"


def _english() -> str:
    return "en"


_choose: Callable[[], str] = _english


def chosen_by(choose: Callable[[], str]) -> None:
    """Let the language be asked for on the first sentence; `choose` returns one of LANGUAGES."""
    global _choose  # one process speaks one language
    _choose = choose
    _catalogue.cache_clear()


def use(language: str) -> None:
    """Speak a language, one of LANGUAGES, from now on."""
    chosen_by(lambda: language)


def language() -> str:
    """What is spoken now, one of LANGUAGES."""
    return _catalogue()[0]


def language_of(name: str) -> str | None:
    """The language that `zh`, `zh_CN.UTF-8`, `en-GB`, `C` or `POSIX` means; None for one recrm does not speak."""
    code = name.strip().lower().replace("-", "_").partition(".")[0].partition("@")[0]
    if code in ("c", "posix") or code.split("_")[0] == "en":
        return "en"
    # Traditional characters are another orthography, which recrm does not have.
    return "zh_CN" if code in ("zh", "zh_cn", "zh_sg", "zh_hans", "zh_hans_cn", "zh_hans_sg") else None


def N_(template: str) -> str:  # noqa: N802  # gettext's own name for a sentence that is translated later
    """Mark a template for translation where it is written; `_` translates it where it is shown."""
    return template


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802  # as N_, for a sentence with a plural
    """Mark the two templates of a plural for translation where they are written; `ngettext` takes them later."""
    return one, many


def _(template: str, /, **facts: object) -> str:
    """A template in the language spoken, its placeholders filled with the facts."""
    text = _translated(template)
    return text.format_map(facts) if facts else text


def ngettext(one: str, many: str, count: int, /, **facts: object) -> str:
    """The template for this count in the language spoken, filled with the facts and with the count as `n`."""
    catalogue = _catalogue()[1]
    english = one if count == 1 else many
    text = catalogue.ngettext(one, many, count) if catalogue else english
    if text != english and not _agree(many, text):
        text = english
    return text.format_map({"n": count} | facts)


def _translated(template: str) -> str:
    catalogue = _catalogue()[1]
    if catalogue is None or not template:
        return template
    text = catalogue.gettext(template)
    return text if _agree(template, text) else template


def _agree(template: str, text: str) -> bool:
    """Whether a translation names the template's facts, all of them and no other."""
    return set(re.findall(PLACEHOLDER, template)) == set(re.findall(PLACEHOLDER, text))


@cache
def _catalogue() -> tuple[str, _gettext.NullTranslations | None]:
    chosen = _choose()
    if chosen == "en":
        return chosen, None
    try:
        with (FOLDER / chosen / "LC_MESSAGES" / "recrm.mo").open("rb") as file:
            return chosen, _gettext.GNUTranslations(file)
    except Exception:  # noqa: BLE001  # a damaged catalogue makes anything of its reader, and stops nobody
        return "en", None
