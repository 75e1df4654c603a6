"""The embedded PostgreSQL: its files, process, roles and address."""
