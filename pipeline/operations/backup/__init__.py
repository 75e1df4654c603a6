"""An installation in one file, and back: rows of the store, archive, mails in the spool, configuration.

The file is a tar archive. ``manifest.json``, its last member, has the SHA-256 of every other, so a file that was cut
is known by its lack. Secrets (``secrets.env``, passwords in addresses) are not in it; the mails' recipients are.
"""

from pipeline.operations.backup.restoring import RESTORED_CONFIG, restore_backup
from pipeline.operations.backup.saving import write_backup

__all__ = ["RESTORED_CONFIG", "restore_backup", "write_backup"]
