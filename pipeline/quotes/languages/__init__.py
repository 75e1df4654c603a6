"""One pack for each language: its words as data and the functions that read its attributions."""
