"""For those who operate the database: dump, digest, retention, vacuum, the login of analysts."""
