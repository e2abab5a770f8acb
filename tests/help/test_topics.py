"""The topics as files: the same in both languages, readable in a terminal, found by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recrm.core.i18n import LANGUAGES
from recrm.core.text import display_width
from recrm.help import topics
from tests.help.reading import spans

PAGES = [(language, topic) for language in LANGUAGES for topic in topics.TOPICS]
each_page = pytest.mark.parametrize(("language", "topic"), PAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_every_file(language: str) -> None:
    assert sorted(file.stem for file in (topics.FOLDER / language).iterdir()) == sorted(topics.TOPICS)


@each_page
def test_a_topic_fits_a_terminal_of_80_columns(language: str, topic: str) -> None:
    text = topics.text(topic, language)
    assert [line for line in text.splitlines() if display_width(line) > 78] == []
    assert [line for line in text.splitlines() if line != line.rstrip()] == []
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@each_page
def test_a_title_is_in_the_language(language: str, topic: str) -> None:
    title = topics.title(topic, language)
    is_chinese = re.search(r"[\u4e00-\u9fff]", title) is not None
    assert title
    assert is_chinese == (language == "zh_CN"), title


@pytest.mark.parametrize("topic", topics.TOPICS)
def test_the_languages_say_the_same(topic: str) -> None:
    """As far as a machine can tell: as many headings, items and examples, and the same options, keys and names."""
    english, chinese = (topics.text(topic, language) for language in LANGUAGES)
    for mark in (r"^#+ ", r"^- ", r"^\d+\. ", r"^```"):
        found = [len(re.findall(mark, text, re.MULTILINE)) for text in (english, chinese)]
        assert found[0] == found[1], mark
    for thing in (r"--[a-z][a-z-]+", r"RECRM_[A-Z_]+"):
        assert set(re.findall(thing, english)) == set(re.findall(thing, chinese))
    names = [
        {span for span in spans(text) if re.fullmatch(r"[A-Za-z_.]+(, [A-Za-z_.]+)*", span)}
        for text in (english, chinese)
    ]
    assert names[0] == names[1]


def test_a_topic_without_a_translation_is_given_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "undo.md").write_text("# Undo\n", "utf-8")
    monkeypatch.setattr(topics, "FOLDER", tmp_path)
    assert topics.text("undo", "zh_CN") == "# Undo\n"
    assert topics.title("undo", "zh_CN") == "Undo"


@pytest.mark.parametrize(
    ("name", "hint"), [("undoo", "Did you mean undo?"), ("../en/undo", "Did you mean undo?"), ("qqq", "The topics are")]
)
def test_an_unknown_topic_is_not_found(name: str, hint: str) -> None:
    with pytest.raises(topics.TopicNotFound) as caught:
        topics.text(name, "en")
    assert caught.value.exit_code == 3
    assert caught.value.what() == f"There is no topic “{name}”."
    assert caught.value.hint().startswith(hint)
