"""Configuration: settings, sources, roster of speakers, watches and beat. Loads and validates them."""
