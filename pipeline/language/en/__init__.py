"""English: word forms."""
