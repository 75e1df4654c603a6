"""Administration of the database: dump, digest, retention, vacuum, the analysts' login."""
