"""The outbox of alerts and of e-mails to the ops mailbox."""
