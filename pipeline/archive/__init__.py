"""Raw exchanges in WARC 1.1 files: append, read back with proof, verify, export, and close what a killed run left open.

One gzip member per record and one file per run and source, ``SOURCE/YYYYMMDDTHHMMSS-RUN.warc.gz``; while it is being
written the file is called ``.open`` at the end, but records always name the closed file. Beside each closed file lies
its index (CDXJ). Bodies are kept as received, Content-Encoding and all: that is the proof, and it costs a sixth of
decoding and packing again. A body that is already there is not kept twice: a revisit record points
to it. Closed files may be copied to other storage and read from there.
"""

from pipeline.archive.collection import Shelf, Volume
from pipeline.archive.exchange import ArchiveError, Exchange, Headers, Original, Unanswered
from pipeline.archive.index import Line, Whole, file_sha256, index_of, read_index, sha256, whole_of
from pipeline.archive.integrity import Damage, verify_file
from pipeline.archive.reader import Archived, Place, exchanges, packed_bytes, places, read
from pipeline.archive.recovery import Member, index_missing, members, recover
from pipeline.archive.redact import blanked, rewrite, without
from pipeline.archive.remote import Remote, RemoteError, remote
from pipeline.archive.replay_index import Holdings, files_of, require_archive
from pipeline.archive.writer import ROLL_AT, ArchiveWriter, safe

__all__ = [
    "ROLL_AT",
    "ArchiveError",
    "ArchiveWriter",
    "Archived",
    "Damage",
    "Exchange",
    "Headers",
    "Holdings",
    "Line",
    "Member",
    "Original",
    "Place",
    "Remote",
    "RemoteError",
    "Shelf",
    "Unanswered",
    "Volume",
    "Whole",
    "blanked",
    "exchanges",
    "file_sha256",
    "files_of",
    "index_missing",
    "index_of",
    "members",
    "packed_bytes",
    "places",
    "read",
    "read_index",
    "recover",
    "remote",
    "require_archive",
    "rewrite",
    "safe",
    "sha256",
    "verify_file",
    "whole_of",
    "without",
]
