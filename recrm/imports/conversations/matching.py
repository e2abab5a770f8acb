"""Whose conversation a row tells of, decided in memory from what the database knows of a batch of rows.

A phone or an email decides, in any format; failing that a WeChat id; failing that the exact name, where only one
client bears it and nothing the row says speaks against it: a namesake with another phone is somebody else. What
contradicts itself is handed back, because a conversation in the wrong file is never found again.
"""

from __future__ import annotations

from recrm.core.errors import Conflict, NotFound, RecrmError, UsageError
from recrm.core.i18n import N_
from recrm.core.text import quoted
from recrm.imports.conversations.reading import Entry
from recrm.imports.people.known import Known
from recrm.imports.people.matching import Directory, RowAmbiguous, narrowed
from recrm.imports.people.who import one_of

_LEAVE_OUT = N_("Leave out the one that is wrong.")


def client_of(known: Directory, entry: Entry, *, trusts_ids: bool) -> Known:
    """The one client of this row. Raises RecrmError, which says why it cannot be told."""
    own = None if entry.client_id is None else known.clients.get(known.merged.get(entry.client_id, entry.client_id))
    if own is None and trusts_ids and entry.client_id is not None:
        hint = N_("Correct it, or leave it out and give a phone.")
        raise NotFound(N_("No client has the id #{number}."), hint, number=entry.client_id)

    def is_own(client: Known) -> bool:  # it may be another program's number, so it only decides a tie
        return client is own

    having = known.having(entry, lambda client: client.is_called(entry.folded), is_own)
    identified = own if trusts_ids else None
    if having:
        point, found = having
        if len(found) > 1:
            raise RowAmbiguous(point.shown, found)
        shown, client = point.shown, found[0]
        if identified is not None and identified is not client:
            what = N_("{shown} belongs to {client}, but #{number} is {name}.")
            facts = {"number": identified.id, "name": identified.columns["name"]}
            raise Conflict(what, _LEAVE_OUT, shown=shown, client=client.label, **facts)
    elif identified:
        shown, client = f"#{identified.id}", identified
    else:
        return _by_name(entry, narrowed(known.called(entry.folded) if entry.name else (), is_own))
    # A phone goes before a name written otherwise, but not before the name of somebody else.
    others = [other for other in known.called(entry.folded) if other is not client]
    if others and not client.is_called(entry.folded):
        what = N_("{shown} belongs to {client}, but the name is that of {others}.")
        raise Conflict(what, _LEAVE_OUT, shown=shown, client=client.label, others=one_of(others))
    return client


def _by_name(entry: Entry, found: list[Known]) -> Known:
    if len(found) > 1:
        raise RowAmbiguous(quoted(entry.name), found)
    if not found:
        raise _nobody(entry)
    (client,) = found
    if entry.unreadable is not None:
        raise entry.unreadable
    kinds = {key[0] for key in client.details}
    for key in entry.strong:
        if key[0] in kinds:
            what = (
                N_("No client has {shown}, and {client} has another phone.")
                if key[0] == "phone"
                else N_("No client has {shown}, and {client} has another email.")
            )
            hint = N_("Add {shown} to #{number} if it is theirs, or add the client first.")
            raise Conflict(what, hint, shown=entry.points[key].shown, client=client.label, number=client.id)
    return client


def _nobody(entry: Entry) -> RecrmError:
    if given := entry.identities:
        hint = N_("Add the client, or their number, first and import this row again.")
        return NotFound(N_("No client has {shown}."), hint, shown=entry.points[given[0]].shown)
    if entry.unreadable is not None:
        return entry.unreadable
    if entry.name:
        hint = N_("Add the client first, or give a phone.")
        return NotFound(N_("No client has the name {name}."), hint, name=quoted(entry.name))
    if entry.client_id is not None:
        return UsageError(
            N_("This row has nothing but the number {number}, which may be another program's."),
            N_('If recrm gave it, add --map "HEADER=client_id" with that column\'s name.'),
            number=entry.client_id,
        )
    return UsageError(N_("This row does not say who the client is."), N_("Give it a phone, an email or a name."))
