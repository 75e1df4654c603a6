"""Whose words a quote is: from names, offices, descriptions and pronouns to an entity."""
