"""onrecord: read the news, find who said what, keep it with proof, notify who asked."""
