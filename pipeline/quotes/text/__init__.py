"""An article as offsets into a text that is never changed: paragraphs, sentences, tokens, quotation marks."""
