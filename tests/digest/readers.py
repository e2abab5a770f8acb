"""How a mail program and a chat would read a digest."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "br", "img", "link", "hr", "input"}


class Mail(HTMLParser):
    """Every element opened and closed in order, with its attributes and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """What the reader sees, single blanks."""
        return " ".join("".join(self.words).split())


def chat(markdown: str) -> Mail:
    """Markdown as CommonMark renders it."""
    from markdown_it import MarkdownIt

    return Mail(MarkdownIt("commonmark", {"xhtmlOut": False}).enable("strikethrough").render(markdown))
