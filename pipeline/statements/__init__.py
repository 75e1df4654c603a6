"""Which quotes report the same utterance, and what an edit changed. Pure."""
