"""Finds which sentences of quotes report one thing said, and compares two versions of an article. Pure."""
