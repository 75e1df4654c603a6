"""Raw exchanges in WARC 1.1 files: append, read back with proof, verify, and close what a killed run left open.

One gzip member per record and one file per run and source, ``SOURCE/YYYYMMDDTHHMMSS-RUN.warc.gz``; while it is being
written the file is called ``.open`` at the end, but records always name the closed file. Bodies are kept as received,
Content-Encoding and all: that is the proof, and it costs a sixth of decoding and packing again (PERFORMANCE 1).
"""

from pipeline.archive.checking import Damage, Member, file_sha256, members, recover, verify_file
from pipeline.archive.exchange import ArchiveError, Exchange, Headers
from pipeline.archive.reader import Archived, Place, exchanges, places, read
from pipeline.archive.writer import ArchiveWriter

__all__ = [
    "ArchiveError",
    "ArchiveWriter",
    "Archived",
    "Damage",
    "Exchange",
    "Headers",
    "Member",
    "Place",
    "exchanges",
    "file_sha256",
    "members",
    "places",
    "read",
    "recover",
    "verify_file",
]
