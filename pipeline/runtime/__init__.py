"""What any long-running program needs, without a word of news: sandbox, locks, private files, logs, telemetry."""
