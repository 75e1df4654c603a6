"""The database layer, the only code that runs SQL: tables, migrations, locks, and reads and writes by subject."""
