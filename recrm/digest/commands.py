"""digest: the due queue for an inbox or a chat, sent once a day even where cron, the disk or the machine fail.

With --once a run first claims its recipient's day in a transaction of its own, then writes the digest with no
transaction open, then marks it sent. What fails in between gives the claim back; what is killed in between leaves
a claim that the next run takes over after `CLAIM_HOLDS`. So a digest may, after a crash, come twice, never not.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated

from recrm.app import App
from recrm.core.due import DueWindow
from recrm.core.errors import Failed, RecrmError, UsageError, system_reason
from recrm.core.files import write_whole
from recrm.core.i18n import N_, _
from recrm.core.labels import day_label
from recrm.core.moments import end_of
from recrm.core.params import AsOfOption, LimitOption, Option, limit_of
from recrm.core.text import clean_line
from recrm.digest import store
from recrm.digest.content import Digest, gather
from recrm.digest.model import Format, missed_since
from recrm.digest.view import digest_json, page


def digest(
    app: App,
    written_as: Annotated[
        Format | None,
        Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="text, markdown, json or html; text by default.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        Option(
            "--output", "-o", metavar="FILE", help="Write it to this file, whole or not at all.", show_default=False
        ),
    ] = None,
    once: Annotated[
        bool, Option("--once", help="Once a day: a second run that day prints nothing and succeeds.")
    ] = False,
    recipient: Annotated[
        str,
        Option("--recipient", metavar="NAME", help="With --once: once a day for each name.", show_default=False),
    ] = "",
    quiet_if_empty: Annotated[
        bool, Option("--quiet-if-empty", help="Where nothing is due, print and write nothing.")
    ] = False,
    as_of: AsOfOption = None,
    limit: LimitOption = None,
) -> None:
    """Today's list for an inbox or a chat: whom to call first, and why.

    Example: recrm digest --once --format html --output ~/digest.html
    """
    chosen = _format(app, written_as)
    now = app.as_of(as_of)
    window = DueWindow(now, end_of(now.date(), app.zone), app.settings)

    def send(since: date | None) -> None:
        made = gather(app.db.conn, window, limit_of(app, limit), since, app.now)
        if made.queue.due or not quiet_if_empty:
            _deliver(app, made, chosen, output.expanduser() if output else None)

    if once:
        _once(app, clean_line(recipient), now.date(), send)
    else:
        with suppress(BrokenPipeError):  # a reader such as `head` has seen enough
            send(None)


def _format(app: App, written_as: Format | None) -> Format:
    if app.out.json and written_as not in (None, Format.JSON):
        raise UsageError(
            N_("--json and --format {format} contradict each other."),
            N_("Give one of the two."),
            format=written_as,
        )
    return written_as or (Format.JSON if app.out.json else Format.TEXT)


def _once(app: App, recipient: str, day: date, send: Callable[[date | None], None]) -> None:
    """Send, unless the day's digest was sent or is being sent; give the day back where sending fails."""
    if store.is_settled(app.db.conn, recipient, day, app.now):
        return
    with app.write() as db:
        claim = store.claim(db, recipient, day, app.now)
    if claim is None:
        return
    try:
        send(missed_since(store.last_sent(app.db.conn, recipient, day), day))
    except BaseException as error:
        with suppress(RecrmError, sqlite3.Error), app.write() as db:
            store.release(db, claim)
        if isinstance(error, BrokenPipeError):
            raise Failed(
                N_("The digest was not read to its end, so it does not count as sent."),
                N_("The next run sends it again."),
            ) from error
        raise
    with app.write() as db:
        store.mark_sent(db, claim, app.now)


def _deliver(app: App, made: Digest, chosen: Format, output: Path | None) -> None:
    if output is None:
        _print(app, made, chosen)
        return
    try:
        write_whole(output, _drawn(made, chosen))
    except OSError as error:
        raise Failed(
            N_("The digest cannot be written to {output}: {why}."),
            N_("Check the disk, the folder and their permissions, and run it again."),
            output=output,
            why=system_reason(error),
        ) from error
    if app.out.is_interactive():
        app.out.note(_("The digest is in {output}.", output=output))


def _drawn(made: Digest, chosen: Format) -> str:
    match chosen:
        case Format.JSON:
            import json

            return json.dumps(digest_json(made), ensure_ascii=False, indent=2) + "\n"
        case Format.HTML:
            from recrm.digest.html import html

            day = made.queue.window.now.date()
            return html(page(made), f"recrm: {day_label(day, day)}")
        case Format.MARKDOWN:
            from recrm.digest.markdown import markdown

            return markdown(page(made))
        case Format.TEXT:
            from recrm.digest.text import text

            return text(page(made))


def _print(app: App, made: Digest, chosen: Format) -> None:
    """On stdout, to its end: a disk may be full and a reader gone, and neither counts as sent."""
    if sys.__stdout__ is None:  # as it was at the start; recrm.cli has put one that leads nowhere in its place
        raise Failed(N_("There is no stdout to print the digest on."), N_("Name a file with --output."))
    try:
        if chosen is Format.JSON:
            app.out.emit(digest_json(made))
        else:
            sys.stdout.write(_carried(_drawn(made, chosen), chosen))
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python fails again as it ends
        if isinstance(error, BrokenPipeError):
            raise
        raise Failed(
            N_("The digest cannot be printed: {why}."),
            N_("Check the disk, and run it again."),
            why=system_reason(error),
        ) from error


def _carried(drawn: str, chosen: Format) -> str:
    """A page says that it is UTF-8; on a stdout that is not, every other character becomes a reference."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    return drawn if is_unicode or chosen is not Format.HTML else drawn.encode("ascii", "xmlcharrefreplace").decode()
