"""Words and their forms, in all languages alike: spelling, transliteration, names of nations."""
