"""Russian: word forms."""
