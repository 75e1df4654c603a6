"""Infrastructure without domain logic: sandbox, file locks, private files, log context, telemetry."""
