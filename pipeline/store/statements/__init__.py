"""Statements as they are kept, searched, shown and exported, and the speakers."""
