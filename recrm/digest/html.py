"""A digest as one HTML page that mail programs show: the template beside this file, every value escaped."""

from __future__ import annotations

from importlib.resources import files

from recrm.core.i18n import language
from recrm.digest.view import Page


def html(page: Page, title: str) -> str:
    """The page; nothing in it is fetched from anywhere."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = files("recrm.digest").joinpath("digest.html.jinja").read_text("utf-8")
    return (
        environment.from_string(template).render(page=page, title=title, language=language().replace("_", "-")) + "\n"
    )
