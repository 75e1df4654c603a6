"""Diagnose an installation: check everything it needs, and say for each check what was found or how to fix it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from pipeline import archive
from pipeline.alerts.channels.email.smtp import SmtpTransport
from pipeline.config.secrecy import without_password
from pipeline.config.settings import Settings
from pipeline.errors import OnrecordError
from pipeline.operations import disk_space
from pipeline.runtime import private_files
from pipeline.runtime.sandbox import Sandbox, confinement_steps
from pipeline.statements.sentence_vectors import is_installed
from pipeline.store import migrate
from pipeline.store.admin import analyst_login
from pipeline.store.engine import ServerState, display_address, open_store, server_state
from pipeline.store.schema import REVISION
from pipeline.store.server import binaries

PYTHON_FROM, PYTHON_BELOW = (3, 11), (3, 14)
SMTP_SECONDS = 10.0
_CONFINEMENT = {
    "limits": "a limit on its memory",
    "privileges": "giving up privileges (no_new_privs, capabilities)",
    "files": "read-only files (Landlock)",
    "network": "cutting off network and programs (seccomp, or a network namespace)",
}
"""Each step of a worker's confinement, by its name in :func:`pipeline.runtime.sandbox.confinement_steps`."""


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check. ``detail`` says what was found, or what to do."""

    name: str
    ok: bool
    detail: str


def diagnose_installation(settings: Settings) -> list[Check]:
    """All checks, in the order in which to fix them. Runs no migration.

    A problem that the user can fix is a failed check, not an exception.
    """
    return [
        _python(),
        _workers(),
        _translations(),
        _folder("data folder", settings.home),
        _folder("archive", settings.archive),
        *_storage(settings),
        *_space(settings),
        *_store(settings),
        *_configuration(settings),
        _contact(settings),
        _mail(settings),
        _notified(settings),
    ]


def _python() -> Check:
    version = sys.version_info[:2]
    found = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    ok = PYTHON_FROM <= version < PYTHON_BELOW
    return Check("Python", ok, found if ok else f"{found}; onrecord needs 3.11, 3.12 or 3.13")


def _translations() -> Check:
    if is_installed():
        return Check("translations", True, "found by sentence vectors")
    without = "only those that numbers and names make certain; for others: pip install 'onrecord[translate]'"
    return Check("translations", True, without)


def _workers() -> Check:
    """Whether pages can be read in a sandboxed worker, and which confinement steps this system does not allow."""
    try:
        with Sandbox() as sandbox:
            held = sandbox.call(confinement_steps)
    except OnrecordError as error:
        return Check("workers", False, f"{error}; look for too little memory, or a limit on processes")
    refused = [what for step, what in _CONFINEMENT.items() if step not in held]
    if refused:
        return Check(
            "workers", True, f"pages are read in a process with limits; this system refuses: {'; '.join(refused)}"
        )
    return Check("workers", True, "pages are read in a process with limits, without network, secrets or files to write")


def _storage(settings: Settings) -> list[Check]:
    if settings.archive_url is None:
        return []
    name = "archive storage"
    try:
        archive.remote_storage(settings.archive_url).size("doctor")
    except OnrecordError as error:
        return [Check(name, False, without_password(f"{error} (ONRECORD_ARCHIVE_URL)"))]
    return [Check(name, True, without_password(settings.archive_url))]


def _folder(name: str, path: Path) -> Check:
    nearest = disk_space.nearest_folder(path)
    if not nearest.is_dir():
        return Check(name, False, f"{nearest} is in the way: it is no folder; set ONRECORD_HOME to another place")
    if not os.access(nearest, os.W_OK | os.X_OK):
        return Check(name, False, f"{nearest} is not writable; give yourself the right, or set ONRECORD_HOME")
    if private_files.is_open_to_others(path):
        return Check(name, True, f"{path}, which others of this machine can enter: chmod 700 {path}")
    return Check(name, True, str(path) if path.exists() else f"{path} (made when first needed)")


def _space(settings: Settings) -> Iterator[Check]:
    """One check for each disk that we write to, and the sizes of what grows."""
    for it in disk_space.disk_spaces(settings):
        detail = f"{it.free / 1024**3:.1f} GiB free for {it.path}"
        ok = it.free >= disk_space.FREE_BYTES
        yield Check(
            "disk space", ok, detail if ok else f"{detail}; make room: 2 GiB at least (docs/runbook.md says how)"
        )
    sizes = disk_space.folder_sizes(settings)
    if sizes:
        yield Check("sizes", True, ", ".join(f"{name} {size / 1024**2:,.0f} MiB" for name, size in sizes.items()))


def _store(settings: Settings) -> Iterator[Check]:
    """The server, its locale, the extension, the tables and the analysts' role, until one of them fails."""
    if not settings.database_url:
        yield _programs()
        if not (settings.postgres / "data").exists():
            yield Check("database", True, f"none yet; made in {settings.postgres} when first needed")
            return
    try:
        with open_store(settings, migrated=False) as engine, engine.connect() as connection:
            state = server_state(connection)
            where = display_address(engine) if settings.database_url else f"embedded, in {settings.postgres}"
            yield Check("database", True, f"PostgreSQL {state.version} ({where}); Russian can be searched")
            yield _trigrams(state)
            yield _tables(engine)
            yield _role(connection, state)
    except OnrecordError as error:
        yield Check("database", False, str(error))


def _programs() -> Check:
    try:
        folder = binaries.programs_folder()
        return Check("PostgreSQL programs", True, f"version {binaries.major_version(folder)} in {folder}")
    except OnrecordError as error:
        return Check("PostgreSQL programs", False, str(error))


def _trigrams(state: ServerState) -> Check:
    if state.trigrams:
        return Check("extension pg_trgm", True, state.trigrams)
    if state.offers_trigrams:
        return Check("extension pg_trgm", True, "not in the database yet; `onrecord db upgrade` adds it")
    return Check("extension pg_trgm", False, "the server does not offer it: install PostgreSQL's contrib modules")


def _tables(engine: Engine) -> Check:
    at = migrate.current_revision(engine)
    if at == REVISION:
        return Check("tables", True, f"at migration {at}")
    if at is None:
        return Check("tables", True, "none yet; made when first needed")
    return Check("tables", False, f"at migration {at}, needed is {REVISION}: run `onrecord db upgrade`")


def _role(connection: Connection, state: ServerState) -> Check:
    if not state.has_views:
        return Check("analysts' role", True, "made with the tables")
    if analyst_login.has_group(connection):
        return Check("analysts' role", True, f"{analyst_login.GROUP} reads the schema analyst and nothing else")
    return Check("analysts' role", False, f"missing; let an owner of the server run: {analyst_login.HOW_TO_ADD}")


def _configuration(settings: Settings) -> Iterator[Check]:
    def sources() -> str:
        from pipeline.config.sources import load_sources

        found = load_sources(settings)
        return f"{sum(source.enabled for source in found.values())} of {len(found)} enabled"

    def roster() -> str:
        from pipeline.config.speakers import load_roster

        found = load_roster(settings)
        return f"{len(found.speakers)} speakers, {len(found.offices)} offices"

    def watches() -> str:
        from pipeline.config.speakers import load_roster
        from pipeline.config.watches import load_watches

        found = load_watches(settings, {speaker.id for speaker in load_roster(settings).speakers})
        return f"{len(found)} watches"

    for name, load in (("sources", sources), ("roster", roster), ("watches", watches)):
        yield _loaded(name, load)


def _loaded(name: str, load: Callable[[], str]) -> Check:
    try:
        return Check(name, True, load())
    except OnrecordError as error:
        return Check(name, False, str(error))


def _contact(settings: Settings) -> Check:
    if settings.contact:
        return Check("contact", True, settings.contact)
    return Check("contact", True, "not set: a live crawl will ask for ONRECORD_CONTACT, an address shown to servers")


def _notified(settings: Settings) -> Check:
    """Whether anybody would hear of a failure."""
    if not settings.ops_mail:
        return Check(
            "ops mailbox",
            True,
            "nobody is notified when a run fails or a source is in trouble: set ONRECORD_OPS_MAIL to an e-mail address",
        )
    if not settings.smtp_url:
        return Check(
            "ops mailbox",
            True,
            f"{settings.ops_mail}; nobody is notified: without ONRECORD_SMTP_URL e-mails are left in {settings.spool}",
        )
    watchdog = "" if settings.ping_url else "; nobody notices if this machine is down (ONRECORD_PING_URL)"
    return Check("ops mailbox", True, f"{settings.ops_mail}{watchdog}")


def _mail(settings: Settings) -> Check:
    """Tests the mail server as sending would, up to the recipient: port, encryption, certificate, login, sender."""
    if not settings.smtp_url:
        return Check("mail", True, f"no ONRECORD_SMTP_URL: e-mails are left in {settings.spool}")
    try:
        return Check("mail", True, SmtpTransport(settings.smtp_url, deadline=SMTP_SECONDS).check(settings.mail_from))
    except OnrecordError as error:
        hint = "" if "ONRECORD_" in str(error) else "; check ONRECORD_SMTP_URL (smtp://USER:PASSWORD@HOST:PORT)"
        return Check("mail", False, f"{error}{hint}")
