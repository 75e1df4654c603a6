"""Words and their forms, in all languages alike: spelling, stems, transliteration, names of nations."""
