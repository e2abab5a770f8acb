"""The map of the program: topic, command, and where its function stands. One line here makes a command."""

from __future__ import annotations

from recrm.core.i18n import N_

COMMANDS: dict[str, dict[str, str]] = {
    N_("Every day"): {
        "due-today": "recrm.today.commands:due_today",
        "overdue": "recrm.today.commands:overdue",
        "agenda": "recrm.today.commands:agenda",
        "digest": "recrm.digest.commands:digest",
        "find": "recrm.briefing.find:find",
        "log": "recrm.contacts.commands:log",
        "list-contacts": "recrm.contacts.commands:list_contacts",
    },
    N_("Clients"): {
        "add-client": "recrm.clients.commands:add_client",
        "show-client": "recrm.briefing.commands:show_client",
        "list-clients": "recrm.clients.commands:list_clients",
        "edit-client": "recrm.clients.edit:edit_client",
        "tag": "recrm.clients.commands:tag",
        "untag": "recrm.clients.commands:untag",
        "archive-client": "recrm.clients.commands:archive_client",
        "unarchive-client": "recrm.clients.commands:unarchive_client",
        "find-duplicates": "recrm.duplicates.commands:find_duplicates",
        "merge-clients": "recrm.duplicates.commands:merge_clients",
        "consent": "recrm.privacy.commands:consent",
        "export-person": "recrm.privacy.export_person:export_person",
        "erase-client": "recrm.privacy.erase_client:erase_client",
    },
    N_("Follow-ups"): {
        "add-follow-up": "recrm.followups.commands:add_follow_up",
        "done": "recrm.followups.commands:done",
        "snooze": "recrm.followups.commands:snooze",
        "cancel-follow-up": "recrm.followups.commands:cancel_follow_up",
    },
    N_("Complaints"): {
        "record-complaint": "recrm.complaints.commands:record_complaint",
        "progress-complaint": "recrm.complaints.commands:progress_complaint",
        "resolve-complaint": "recrm.complaints.commands:resolve_complaint",
        "reopen-complaint": "recrm.complaints.commands:reopen_complaint",
        "close-complaint": "recrm.complaints.commands:close_complaint",
        "show-complaint": "recrm.complaints.commands:show_complaint",
        "list-complaints": "recrm.complaints.commands:list_complaints",
    },
    N_("What was done"): {
        "undo": "recrm.history.commands:undo",
        "redo": "recrm.history.commands:redo",
        "history": "recrm.history.commands:history",
    },
    N_("The file and the program"): {
        "init": "recrm.setup.commands:init",
        "demo": "recrm.setup.demo:demo",
        "import": "recrm.imports.commands:import_file",
        "export": "recrm.exports.commands:export",
        "backup": "recrm.backups.commands:backup",
        "list-backups": "recrm.backups.commands:list_backups",
        "restore": "recrm.backups.commands:restore",
        "check": "recrm.backups.check:check",
        "encrypt": "recrm.encryption.commands:encrypt",
        "decrypt": "recrm.encryption.commands:decrypt",
        "change-passphrase": "recrm.encryption.commands:change_passphrase",
        "config": "recrm.setup.commands:config",
        "completion": "recrm.cli.completion:completion",
    },
}
PLACES = {name: (panel, place) for panel, names in COMMANDS.items() for name, place in names.items()}
