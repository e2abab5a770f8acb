"""init, config: what is needed once."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated, Any

from recrm import slices
from recrm.app import App
from recrm.core import ui
from recrm.core.errors import Conflict, UsageError
from recrm.core.i18n import N_, _, language_of
from recrm.core.params import Argument, Option
from recrm.core.settings import BadSetting, UnknownSetting, check
from recrm.core.ui import Cell, Column
from recrm.storage import db


class ConfigAction(StrEnum):
    """What `config` does."""

    SHOW = "show"
    SET = "set"
    UNSET = "unset"
    PATH = "path"


def init(
    app: App,
    encrypted: Annotated[
        bool, Option("--encrypted", help="Encrypt it from the start, with a passphrase that you are asked for.")
    ] = False,
) -> None:
    """Create the database; an existing file is never touched.

    Example: recrm init
    """
    path = app.db_path
    try:
        db.create(path, _new_passphrase(app) if encrypted else None).close()
        app.has_saved = True
    except FileExistsError:
        if not path.exists():
            raise Conflict(
                N_("{file} is a link to nothing: {target}."),
                N_("Delete the link, bring back what it points to, or name another file with --db."),
                file=path, target=path.readlink(),
            ) from None  # fmt: skip
        raise Conflict(
            N_("{file} exists already; it was left as it is."),
            N_("Look at it with `recrm due-today`, or name another with --db."),
            file=path,
        ) from None

    def human() -> None:
        app.out.say(_("Created {file}.", file=path))
        if encrypted:
            app.out.say(
                _("It is encrypted: without the passphrase nobody can ever open it, so keep a second note of it.")
            )
        app.out.say(_("Add somebody with `recrm add-client 王丽 --phone 13800138000`,"))
        app.out.say(_("or bring all your contacts with `recrm import FILE`."))

    app.out.show(lambda: {"db": str(path), "encrypted": encrypted}, human)


def _new_passphrase(app: App) -> str:
    """What a new database is encrypted with; nobody is asked for it where the database could not be made anyway."""
    from recrm.storage import cipher

    cipher.library()
    if os.path.lexists(app.db_path):
        raise FileExistsError(app.db_path)
    return app.keys.new(app.db_path.name)


def config(
    app: App,
    action: Annotated[ConfigAction, Argument("[show|set|unset|path]", help="What to do.")] = ConfigAction.SHOW,
    key: Annotated[
        str | None,
        Argument(
            "[KEY]",
            help="Which setting.",
            complete=lambda _app, incomplete: [k for k in slices.settings() if k.startswith(incomplete)],
        ),
    ] = None,
    value: Annotated[str | None, Argument("[VALUE]", help="Its new value.")] = None,
) -> None:
    """Show every setting and its source, or change one: in the config file, whose comments stay.

    Example: recrm config set touch.B 5d
    """
    if action is ConfigAction.PATH:
        path = str(app.settings.path)
        app.out.show(lambda: {"path": path}, lambda: app.out.say(path, as_it_is=True))
        return
    if action is ConfigAction.SHOW:
        rows = [_effective(app, name) for name in slices.settings() if key is None or name == check_key(key)]
        app.out.show(lambda: rows, lambda: _table(app, rows))
        return
    if key is None or (action is ConfigAction.SET and value is None):
        raise UsageError(
            N_("A key and a value are needed.") if action is ConfigAction.SET else N_("A key is needed."),
            N_("Type it as `recrm config set touch.B 5d`; `recrm config` lists the keys."),
        )
    check_key(key)
    before = app.settings.path
    from recrm.setup.config_file import change

    chosen = None if action is ConfigAction.UNSET else check(key, parsed(key, value or ""), slices.settings())
    if key == "phone_region" and chosen:
        check_region(str(chosen))
    if key == "language" and chosen and not language_of(str(chosen)):
        raise BadSetting(key, chosen, slices.settings()[key])
    change(before, key, chosen)
    app.has_saved = True
    del app.__dict__["settings"]
    row = _effective(app, key)
    app.out.show(
        lambda: row,
        lambda: app.out.say(
            _("{key} is now {value} ({source}).", key=key, value=_shown(row["value"]), source=_source(row["source"]))
        ),
    )


def check_key(key: str) -> str:
    """The key, if it is one. Raises UnknownSetting."""
    if key not in slices.settings():
        raise UnknownSetting(key, slices.settings())
    return key


def check_region(country: str) -> None:
    """Refuse a country that has no phones. Raises BadSetting."""
    from phonenumbers import SUPPORTED_REGIONS

    if country not in SUPPORTED_REGIONS:
        raise BadSetting("phone_region", country, slices.settings()["phone_region"])


def parsed(key: str, text: str) -> Any:
    """A value typed on the command line, as the kind its setting has."""
    default = slices.settings()[key].default
    if isinstance(default, str):
        return text
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


# Where a value comes from, beside the config file and the environment; JSON has these words as they stand here.
_DEFAULT, _MACHINE = N_("default"), N_("this machine")


def _source(source: str) -> str:
    """Where a value comes from, in the language spoken."""
    return _(source) if source in (_DEFAULT, _MACHINE) else source


def _effective(app: App, key: str) -> dict[str, Any]:
    settings, setting = app.settings, slices.settings()[key]
    source = str(settings.path) if key in settings.from_file else _DEFAULT
    value = settings[key]
    if key == "agent" and os.environ.get("RECRM_AGENT", "").strip():
        value, source = app.agent, "RECRM_AGENT"
    elif key == "timezone" and not value:
        value, source = str(app.zone), _MACHINE
    elif key == "phone_region" and not value:
        value, source = app.region, _MACHINE if app.region_of_locale else _DEFAULT
    return {
        "key": key,
        "value": value,
        "source": source,
        "default": setting.default,
        "about": _(setting.about),
    }


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(f"{step['step']} ({step['role']}) {step['within']}" for step in value)
    return str(value) if value != "" else '""'


def _table(app: App, rows: list[dict[str, Any]]) -> None:
    app.out.table(
        [
            Column("Key", keep=True),
            Column("Value", wrap=True, least=10),
            Column("From", wrap=True, least=7),
            Column("What for", wrap=True, leave_below=100, style=ui.MUTED),
        ],
        [
            [
                row["key"],
                _shown(row["value"]),
                Cell(_source(row["source"]), "" if row["source"] == _DEFAULT else ui.GOOD),
                row["about"],
            ]
            for row in rows
        ],
    )
    app.out.note(
        _("The config file is {file}. Change a value with `recrm config set KEY VALUE`.", file=app.settings.path)
    )
