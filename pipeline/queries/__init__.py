"""The read model: typed rows and the questions that answer with them. Nothing in it writes."""
