"""The only code that speaks SQL: tables, migrations, locks, and the reads and writes by subject."""
