"""onrecord: read the news, understand who said what, remember it with proof, tell who asked."""
