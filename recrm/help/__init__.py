"""The reference, shipped with the program as plain Markdown: one file for each topic and language."""
