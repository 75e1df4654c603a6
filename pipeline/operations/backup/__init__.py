"""Backup and restore of an installation in one file: database, archive, spooled e-mails, configuration.

The file is a tar archive. Its last member, ``manifest.json``, has the SHA-256 of every other member; if the manifest is
missing, the file was truncated. Secrets (``secrets.env``, passwords in addresses) are not included; the recipients of
the e-mails are.
"""

from pipeline.operations.backup.restoring import RESTORED_CONFIG, restore_backup
from pipeline.operations.backup.saving import write_backup

__all__ = ["RESTORED_CONFIG", "restore_backup", "write_backup"]
