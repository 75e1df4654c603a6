"""Monitoring of sources after each run: observations, incidents, e-mails to the ops mailbox, overdue runs."""
