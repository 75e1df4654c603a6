"""Handing e-mails over, to a real SMTP server and to the spool."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from postbox import free_port, served

from pipeline.alerts import ops
from pipeline.alerts.channels.email import transport_for
from pipeline.alerts.channels.email.faults import Unavailable
from pipeline.alerts.channels.email.smtp import SmtpTransport
from pipeline.alerts.channels.email.spool import SpoolTransport
from pipeline.alerts.mime import Message
from pipeline.config.settings import Settings, from_environment
from pipeline.errors import ConfigError, TransportError

EMAIL = Message(
    message_id="<a1.0123456789abcdef@onrecord.example>",
    sender="onrecord <news@onrecord.example>",
    recipient="reader@example.org",
    subject="Даманов: «NATO и ещё»",
    text="Слова.\n.\n..точки\n" + "x" * 3000,
    html="<p>Слова</p>",
    headers={"Auto-Submitted": "auto-generated"},
    date=datetime(2026, 6, 15, 9, tzinfo=UTC),
)


def test_an_email_arrives_whole_and_the_servers_reply_is_kept() -> None:
    with served() as box:
        reply = SmtpTransport(box.url).send(EMAIL)
    assert reply == "250 Taken as 4711"
    [mail] = box.emails
    assert box.senders == ["news@onrecord.example"]
    assert box.recipients == [["reader@example.org"]]
    assert mail["Message-ID"] == EMAIL.message_id
    assert mail["Subject"] == EMAIL.subject
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == EMAIL.text.rstrip("\n")


@pytest.mark.parametrize(("reply", "permanent"), [("550 no such user", True), ("451 greylisted", False)])
def test_a_refused_reader_is_an_error_that_says_whether_to_try_again(reply: str, permanent: bool) -> None:
    with served() as box:
        box.rcpt = lambda _: reply
        with pytest.raises(TransportError, match=reply) as failure:
            SmtpTransport(box.url).send(EMAIL)
    assert failure.value.permanent is permanent
    assert not isinstance(failure.value, Unavailable)
    assert box.emails == []


@pytest.mark.parametrize(("reply", "permanent"), [("554 spam", True), ("452 disk full", False)])
def test_a_refused_email_is_an_error_that_says_whether_to_try_again(reply: str, permanent: bool) -> None:
    with served() as box:
        box.data = lambda _: reply
        with pytest.raises(TransportError, match=reply) as failure:
            SmtpTransport(box.url).send(EMAIL)
    assert failure.value.permanent is permanent


def test_a_server_that_closes_for_today_takes_no_email_at_all() -> None:
    with served() as box:
        box.rcpt = lambda _: "421 come back later"
        with pytest.raises(Unavailable):
            SmtpTransport(box.url).send(EMAIL)


def test_no_server_is_no_fault_of_the_email() -> None:
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1") as failure:
        SmtpTransport(f"smtp://127.0.0.1:{free_port()}").send(EMAIL)
    assert not failure.value.permanent


@contextmanager
def dripping(after: bytes) -> Iterator[int]:
    """A server that says ``after`` and then one byte every 0.2 s, for ever; its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                connection.sendall(after)
                while not stop.wait(0.2):
                    connection.sendall(b"2")
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        listener.close()
        thread.join(5)


@pytest.mark.parametrize("after", [b"", b"220 hello\r\n"])
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_drips_for_ever_is_cut_off(after: bytes, scheme: str) -> None:
    with dripping(after) as port, pytest.raises(Unavailable):
        SmtpTransport(f"{scheme}://127.0.0.1:{port}", deadline=1.0).send(EMAIL)


def test_a_password_is_used_and_a_wrong_one_lets_the_email_wait() -> None:
    def check(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me@x", b"p:w")
        return AuthResult(success=good, handled=False)

    with served(authenticator=check, auth_required=True, auth_require_tls=False) as box:
        address = box.url.removeprefix("smtp://")
        SmtpTransport(f"smtp://me%40x:p%3Aw@{address}").send(EMAIL)
        with pytest.raises(Unavailable, match="refuses us"):
            SmtpTransport(f"smtp://me%40x:wrong@{address}").send(EMAIL)
    assert len(box.emails) == 1


@pytest.mark.parametrize("url", ["mail.example.org:25", "http://x", "smtp://", "smtp://h:port", "smtp://h/path"])
def test_a_wrong_address_of_a_server_is_told_as_such(url: str) -> None:
    with pytest.raises(ConfigError, match="ONRECORD_SMTP_URL"):
        SmtpTransport(url)


def test_the_spool_keeps_one_file_per_email(tmp_path: Path) -> None:
    spool = SpoolTransport(tmp_path / "spool")
    path = Path(spool.send(EMAIL))
    before = path.read_bytes()
    assert Path(spool.send(EMAIL)) == path
    assert [path] == list((tmp_path / "spool").iterdir())
    assert path.read_bytes() == before
    assert message_from_bytes(before, policy=policy.default)["Subject"] == EMAIL.subject
    spool.send(replace(EMAIL, message_id="<../../etc/x@onrecord.example>"))
    assert len(list((tmp_path / "spool").iterdir())) == 2


def test_a_spool_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("in the way")
    with pytest.raises(Unavailable, match="spool"):
        SpoolTransport(tmp_path / "spool").send(EMAIL)


def known(home: Path, **changed: str) -> Settings:
    return replace(from_environment(home=home), smtp_url=None, **changed)


def test_without_a_server_emails_go_to_the_spool_of_the_installation(tmp_path: Path) -> None:
    transport = transport_for(known(tmp_path))
    assert isinstance(transport, SpoolTransport)
    assert transport.folder == tmp_path / "spool"
    assert isinstance(transport_for(replace(known(tmp_path), smtp_url="smtp://localhost")), SmtpTransport)


def test_ops_are_told_of_a_failed_run(tmp_path: Path) -> None:
    with served() as box:
        settings = replace(known(tmp_path), ops_mail="Desk <ops@example.org>", smtp_url=box.url)
        now = datetime(2026, 6, 15, tzinfo=UTC)
        written = ops.run_failure_email(settings, "run-1", ["gazette: listed nothing"], now=now)
        transport_for(settings).send(ops.ops_message(settings, "failed", *written, now))
    assert box.recipients == [["ops@example.org"]]
    assert "gazette: listed nothing" in box.emails[0].get_content()
