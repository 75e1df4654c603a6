"""Watches and the e-mails that follow from them."""
