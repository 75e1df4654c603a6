"""Articles, their versions and quotes, with the proof of each."""
