"""Which words of a text are a quote."""
