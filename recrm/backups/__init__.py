"""Backups on command, putting one back, and looking whether the file and what it holds are sound."""
