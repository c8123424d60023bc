"""Readers of what a department kept before: a Page's export, tables. They know no database."""
