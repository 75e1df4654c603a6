"""The data folder of the embedded PostgreSQL: created by initdb, and checked for its version before a start."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path

from pipeline.errors import StoreUnreachable
from pipeline.runtime.private_files import write_secret
from pipeline.store.server import binaries, roles, server_process

MAKE_ROOM = "Make room there and run the same command again; what was finished is stored."


def initialise_cluster(root: Path, *, port: int, durable: bool) -> None:
    """Create the cluster in a temporary folder and rename it when complete, so that a kill leaves no half-made one.

    Raises StoreUnreachable if initdb fails. ``durable=False`` skips syncing to disk, for tests.
    """
    making = root / "data.new"
    shutil.rmtree(making, ignore_errors=True)
    known = {name: secrets.token_urlsafe(18) for name in ("password", "analyst_password")}
    write_secret(root / "credentials.json", json.dumps({"port": port, **known}))
    write_secret(root / "pw", roles.new_secret(root))
    problems = []
    try:
        for ctype in ("C.UTF-8", "en_US.UTF-8"):  # macOS has no C.UTF-8
            done = binaries.run_program("initdb", "-D", making, *_initdb_words(root, ctype, durable=durable))
            if done.returncode == 0:
                making.rename(root / "data")
                return
            problems.append(done.stderr.strip()[-1000:])
            shutil.rmtree(making, ignore_errors=True)
    finally:
        (root / "pw").unlink(missing_ok=True)
    full = f"\nIts disk is full. {MAKE_ROOM}" if server_process.out_of_room(root) else ""
    raise StoreUnreachable(f"cannot make a database in {root}: {problems[0]}{full}", database=str(root))


def _initdb_words(root: Path, ctype: str, *, durable: bool) -> list[str]:
    """Arguments of initdb. Never the caller's locale: under C, lower() and pg_trgm silently ignore Cyrillic."""
    words = ["-U", roles.SUPERUSER, f"--pwfile={root / 'pw'}", "--auth=scram-sha-256", "-E", "UTF8", "--locale=C"]
    words += [f"--lc-ctype={ctype}"]
    if binaries.major_version(binaries.programs_folder()) >= 17:
        words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return words if durable else [*words, "--no-sync"]


def check_major(root: Path) -> None:
    """Raise StoreUnreachable, with what to do, if PostgreSQL of another major version made the cluster."""
    made_by = (root / "data" / "PG_VERSION").read_text().strip()
    ours = binaries.major_version(binaries.programs_folder())
    if made_by == str(ours):
        return
    raise StoreUnreachable(
        f"the data folder {root / 'data'} was made by PostgreSQL {made_by}, but the programs here are version {ours}.\n"
        f"To go on with it: ONRECORD_PG_BIN=/path/to/postgresql-{made_by}/bin\n"
        f"To move it: with that set, run `onrecord ops backup onrecord.tar`; move the folder {root} aside,\n"
        f"unset ONRECORD_PG_BIN, and run `onrecord ops restore onrecord.tar`",
        database=str(root),
    )
