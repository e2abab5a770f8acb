"""What Typer's parser finds wrong with a command line, in recrm's own sentences and in the language spoken.

Typer's sentences are plain strings, so each is recognised by its shape and said in the language spoken; one
that a later Typer words otherwise stays as it is, in English.
"""

from __future__ import annotations

import re

import typer

from recrm.core.i18n import N_, _
from recrm.core.labels import enumeration
from recrm.core.text import quoted

# What Typer says, and what recrm says instead of it.
SENTENCES: tuple[tuple[str, str], ...] = (
    (r"Missing argument '(?P<name>.*)'\.", N_("Missing argument {name}.")),
    (r"Missing option '(?P<name>.*)'\.", N_("Missing option {name}.")),
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<near>.*)\)",
        N_("No such option: {name} (Possible options: {near})."),
    ),
    (r"No such option: (?P<name>.*)", N_("No such option: {name}.")),
    (r"Option '(?P<name>.*)' requires an argument\.", N_("Option {name} requires an argument.")),
    (r"Option '(?P<name>.*)' does not take a value\.", N_("Option {name} does not take a value.")),
    (
        r"Invalid value for '(?P<name>.*)': '(?P<value>.*)' is not a valid int(?:eger)?(?: range)?\.",
        N_("Invalid value for {name}: '{value}' is not a valid integer."),
    ),
    (
        r"Invalid value for '(?P<name>.*)': '(?P<value>.*)' is not a valid float(?: range)?\.",
        N_("Invalid value for {name}: '{value}' is not a valid number."),
    ),
    (
        r"Invalid value for '(?P<name>.*)': (?P<value>.*) is not in the range (?P<range>.*)\.",
        N_("Invalid value for {name}: {value} is not in the range {range}."),
    ),
    (
        r"Invalid value for '(?P<name>.*)': '(?P<value>.*)' is not one of (?P<choices>.*)\.",
        N_("Invalid value for {name}: '{value}' is not one of {choices}."),
    ),
    (r"Invalid value for '(?P<name>.*)': (?P<why>.*)", N_("Invalid value for {name}: {why}")),
)
EXTRA = re.compile(r"Got unexpected extra argument\S* \((.*)\)", re.DOTALL)


def worded(error: typer.TyperException) -> tuple[str, str]:
    """What is wrong with the command line, and what to type next."""
    ctx = getattr(error, "ctx", None)
    command = ctx.command_path if ctx else "recrm"
    message = error.format_message()
    hint = _("Type `{command} --help` to see how it is used.", command=command)
    if extra := EXTRA.match(message):
        return (
            _("{text} is more than `{command}` takes.", text=quoted(extra[1]), command=command),
            _(
                "Put words that belong together in quotes, or type `{command} --help` to see how it is used.",
                command=command,
            ),
        )
    option = getattr(error, "option_name", None)
    if type(error).__name__ == "NoSuchOption" and option and not re.fullmatch("--[a-z-]+", option):
        hint = _(
            "Type `{command} --help` to see how it is used. Put -- before words that begin with a dash.",
            command=command,
        )
    return _sentence(message), hint


def _sentence(message: str) -> str:
    for shape, template in SENTENCES:
        if found := re.fullmatch(shape, message, re.DOTALL):
            facts = found.groupdict()
            facts["name"] = facts["name"].replace("' / '", " / ")
            for listed in facts.keys() & {"near", "choices"}:
                facts[listed] = enumeration(facts[listed].split(", "))
            return _(template, **facts)
    return message if message.endswith((".", "?")) else f"{message}."
