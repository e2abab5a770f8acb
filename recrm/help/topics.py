"""The topics of the reference, and the text of each in the language that is wanted.

A topic is `en/NAME.md` and `zh_CN/NAME.md`, at most 78 columns wide, so that it reads well in a terminal and on a code
host. Its first line is its title. A topic without a translation is given in English.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from recrm.core.errors import NotFound
from recrm.core.i18n import N_, _
from recrm.core.labels import enumeration
from recrm.core.text import quoted

FOLDER = Path(__file__).parent

# In the order in which somebody new would read them.
TOPICS = (
    "commands",
    "client",
    "when",
    "clients",
    "follow-ups",
    "due",
    "complaints",
    "digest",
    "import",
    "import-history",
    "export",
    "merging",
    "undo",
    "file",
    "backups",
    "privacy",
    "encryption",
    "config",
    "language",
    "terminal",
    "json",
    "exit-codes",
)


class TopicNotFound(NotFound):
    """A topic that the reference does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("There is no topic {name}."), name=quoted(name))
        self.near = get_close_matches(name, TOPICS, n=1, cutoff=0.5)

    def hint(self) -> str:
        if self.near:
            return _("Did you mean {topic}?", topic=self.near[0])
        return _("The topics are {topics}.", topics=enumeration(TOPICS))


def text(topic: str, language: str) -> str:
    """A topic's Markdown, in one of `i18n.LANGUAGES`. Raises TopicNotFound."""
    if topic not in TOPICS:
        raise TopicNotFound(topic)
    translated = FOLDER / language / f"{topic}.md"
    path = translated if translated.is_file() else FOLDER / "en" / f"{topic}.md"
    return path.read_text("utf-8")


def title(topic: str, language: str) -> str:
    """What a topic is about, in a few words."""
    return text(topic, language).partition("\n")[0].removeprefix("# ")
