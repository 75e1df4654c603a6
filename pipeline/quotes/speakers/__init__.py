"""Whose words a quote is (coreference, entity linking): names, offices, descriptions and pronouns become entities."""
