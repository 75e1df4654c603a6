"""The read model: typed rows, and the functions that answer a question with them. Read-only."""
