"""Web pages, feeds and the API over the read model. Nothing is written but that a reader wants no more e-mails."""
