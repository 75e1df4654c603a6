"""The archive: raw HTTP exchanges in WARC 1.1 files. Append, read with proof, verify, redact, export, recover.

One gzip member per record and one file per run and source, ``SOURCE/YYYYMMDDTHHMMSS-RUN.warc.gz``; while it is being
written its name ends with ``.open``, but records always name the closed file. Next to each closed file is its index
(CDXJ). Bodies are kept as received, still in their Content-Encoding: that is the proof, and it costs a sixth of
decoding and compressing again. Deduplication: a body that is already archived is not stored twice, a revisit record
points to it. Closed files may be uploaded to remote storage and read from there.
"""

from pipeline.archive.collection import Archive, WarcFile
from pipeline.archive.exchange import ArchiveError, Exchange, FailedRequest, Headers, Original
from pipeline.archive.index import IndexLine, WholeFile, file_sha256, index_of, read_index, record_sha256, whole_file_of
from pipeline.archive.integrity import Damage, verify_file
from pipeline.archive.reader import (
    ArchivedResponse,
    RecordLocation,
    packed_bytes,
    read_exchanges,
    read_response,
    record_locations,
)
from pipeline.archive.recovery import GzipMember, gzip_members, index_missing, recover_archive
from pipeline.archive.redact import redact_body, redact_entries, replace_records
from pipeline.archive.remote import RemoteError, RemoteStorage, remote_storage
from pipeline.archive.replay_index import ReplayIndex, require_archive, warc_paths
from pipeline.archive.writer import ROLL_AT, ArchiveWriter, run_file_name

__all__ = [
    "ROLL_AT",
    "Archive",
    "ArchiveError",
    "ArchiveWriter",
    "ArchivedResponse",
    "Damage",
    "Exchange",
    "FailedRequest",
    "GzipMember",
    "Headers",
    "IndexLine",
    "Original",
    "RecordLocation",
    "RemoteError",
    "RemoteStorage",
    "ReplayIndex",
    "WarcFile",
    "WholeFile",
    "file_sha256",
    "gzip_members",
    "index_missing",
    "index_of",
    "packed_bytes",
    "read_exchanges",
    "read_index",
    "read_response",
    "record_locations",
    "record_sha256",
    "recover_archive",
    "redact_body",
    "redact_entries",
    "remote_storage",
    "replace_records",
    "require_archive",
    "run_file_name",
    "verify_file",
    "warc_paths",
    "whole_file_of",
]
