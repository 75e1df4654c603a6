"""Groups quotes that report the same utterance, and compares the quotes of two versions of an article. Pure."""
