"""`poe extract`, `poe update`, `poe compile`: the sentences of the program, and their translations.

A sentence is found where it is marked (`_`, `N_`, `ngettext`, `NN_`), and where its place says what it is: `help=` and
`panel=` of a parameter, the second word of an `Argument`, the head of a `Column`, the docstring of a command.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from recrm.cli.commands import COMMANDS
from recrm.core.i18n import FOLDER

ROOT = Path(__file__).parent.parent
LANGUAGE = "zh_CN"
PO = FOLDER / LANGUAGE / "LC_MESSAGES" / "recrm.po"
MO = PO.with_suffix(".mo")
# Files are compared with what is committed, so nothing in them tells when they were made.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

Message = str | tuple[str, str]
_SINGLE, _PLURAL = {"_", "N_"}, {"ngettext", "NN_"}


def messages() -> Catalog:
    """All sentences of the program, untranslated, in the order of files and lines."""
    catalog = Catalog(project="recrm", charset="utf-8", creation_date=EPOCH)
    for path in sorted((ROOT / "recrm").rglob("*")):
        place = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py":
            found = _in_python(path)
        elif path.suffix == ".jinja":
            found = _in_template(path)
        else:
            continue
        for line, message in found:
            catalog.add(message, locations=[(place, line)])
    return catalog


def _in_python(path: Path) -> Iterator[tuple[int, Message]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((node.lineno, message) for message in _in_call(node))
    functions = _commands().get(".".join(path.relative_to(ROOT).with_suffix("").parts), set())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in functions and (text := ast.get_docstring(node)):
            yield node.lineno, text


def _in_call(call: ast.Call) -> Iterator[Message]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [_text(argument) for argument in call.args]
    if name in _SINGLE or name == "Column":
        yield from filter(None, texts[:1])
    elif name in _PLURAL and len(texts) >= 2 and texts[0] and texts[1]:
        yield texts[0], texts[1]
    elif name == "Argument":
        yield from filter(None, texts[1:2])
    for keyword in call.keywords:
        if keyword.arg in ("help", "panel") and (text := _text(keyword.value)):
            yield text


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _in_template(path: Path) -> Iterator[tuple[int, Message]]:
    with path.open("rb") as file:
        for line, message, _comments, _context in extract("jinja2.ext:babel_extract", file):
            yield line, message if isinstance(message, str) else (message[0], message[1])


@cache
def _commands() -> dict[str, set[str]]:
    """The functions of commands by their module."""
    found: dict[str, set[str]] = {}
    for places in COMMANDS.values():
        for place in places.values():
            module, _colon, name = place.partition(":")
            found.setdefault(module, set()).add(name)
    return found


def translated() -> Catalog:
    """The translations as they are committed."""
    if not PO.exists():
        return Catalog(locale=LANGUAGE, project="recrm", creation_date=EPOCH, revision_date=EPOCH)
    with PO.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def updated(catalog: Catalog) -> Catalog:
    """The translations brought to the sentences of today: new ones empty, those that are gone left out."""
    fresh = Catalog(
        locale=LANGUAGE,
        project="recrm",
        charset="utf-8",
        creation_date=EPOCH,
        revision_date=EPOCH,
        last_translator="the authors of recrm",
        language_team="the authors of recrm",
        fuzzy=False,
    )
    for message in messages():
        if message.id:
            known = catalog.get(message.id)
            fresh.add(message.id, known.string if known else None, locations=message.locations)
    return fresh


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as a file for people."""
    with io.BytesIO() as file:
        write_po(file, catalog, width=110, include_lineno=False)
        return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue as the program reads it: without what is still to be translated."""
    for message in list(catalog):
        if message.id and not all(strings(message.string)):
            del catalog[message.id]
    with io.BytesIO() as file:
        write_mo(file, catalog)
        return file.getvalue()


def main(task: str) -> None:
    """Run one of the tasks."""
    if task == "extract":
        sys.stdout.buffer.write(as_po(messages()))
    elif task == "update":
        catalog = updated(translated())
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(as_po(catalog))
        missing = [message for message in catalog if message.id and not all(strings(message.string))]
        print(f"{len(catalog)} sentences, {len(missing)} to be translated.")
        for message in missing[:20]:
            print(" ", message.locations[0][0], repr(message.id)[:100])
    elif task == "compile":
        MO.write_bytes(as_mo(translated()))
    else:
        raise SystemExit("extract, update or compile")


def strings(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The translation of a sentence; of a plural, each of its forms."""
    return [string or ""] if isinstance(string, str) or string is None else list(string)


if __name__ == "__main__":
    main(sys.argv[1])
