"""Release 0.3.0: whose row a line of the journal is about."""

from __future__ import annotations


def m013_owners_of_lines() -> list[str]:
    """Every line of the journal names its client, so that the history, a person's data and an erasure find theirs by
    one question, and not by what every line says its row was before.

    `client_id` is whose row it was ahead of the change, or, where it was added, after it; `moved_to` is whose it
    became, where that is another. Both are plain numbers: the journal remembers clients who are gone.

    Old lines are filled as if they had been written so. What a change left is what the next change of the row found,
    else what stands there today. That holds as well where the number of a deleted row was given to a later one, which
    m012 ended.
    """
    direct = "client_types client_tags contact_points contacts follow_ups complaints consents merges".split()
    indirect = "complaint_steps complaint_events".split()

    def after(table: str, column: str, row: str = "changes.row_id") -> str:
        """A column of a row as a line of `changes` left it."""
        return (
            f"coalesce((SELECT later.before ->> '{column}' FROM changes AS later "
            f"WHERE later.table_name = '{table}' AND later.row_id = {row} AND later.id > changes.id "
            f"AND later.action <> 'insert' ORDER BY later.id LIMIT 1), "
            f"(SELECT {table}.{column} FROM {table} WHERE {table}.id = {row}))"
        )

    def of_step(table: str) -> str:
        complaint = f"coalesce(changes.before ->> 'complaint_id', {after(table, 'complaint_id')})"
        # An undo may have taken away the complaint ahead of its steps.
        gone = (
            "(SELECT others.client_id FROM changes AS others "
            f"WHERE others.table_name = 'complaints' AND others.row_id = {complaint} ORDER BY others.id DESC LIMIT 1)"
        )
        return f"coalesce({after('complaints', 'client_id', complaint)}, {gone})"

    return [
        "ALTER TABLE changes ADD COLUMN client_id INTEGER",
        "ALTER TABLE changes ADD COLUMN moved_to INTEGER",
        "UPDATE changes SET client_id = row_id WHERE table_name = 'clients'",
        *(
            f"UPDATE changes SET client_id = coalesce(before ->> 'client_id', {owner}), "
            f"moved_to = CASE WHEN action = 'update' THEN nullif({owner}, before ->> 'client_id') END "
            f"WHERE table_name = '{table}'"
            for table in direct
            for owner in [after(table, "client_id")]
        ),
        *(f"UPDATE changes SET client_id = {of_step(table)} WHERE table_name = '{table}'" for table in indirect),
        "CREATE INDEX changes_client ON changes(client_id) WHERE client_id IS NOT NULL",
        "CREATE INDEX changes_moved ON changes(moved_to) WHERE moved_to IS NOT NULL",
        # It found what a client has lost, which the line itself now says.
        "DROP INDEX changes_deleted",
    ]


MIGRATIONS = [
    m013_owners_of_lines,
]
