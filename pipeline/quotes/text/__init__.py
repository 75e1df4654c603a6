"""Segmentation of an article: paragraphs, sentences, tokens and quotation marks, as offsets into its text."""
