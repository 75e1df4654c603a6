"""Alerts: matching statements against watches, writing the e-mails, sending them."""
