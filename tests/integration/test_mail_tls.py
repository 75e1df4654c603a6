"""Mail over TLS as real servers ask for it: certificates checked, sign-in inside, and no fault of it kills a mail."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from certificates import Authority
from postbox import Postbox, served
from sqlalchemy import Engine
from test_outbox import put, run_alerts, start_watching, states
from test_transports import EMAIL

from pipeline.alerts.channels.email.faults import Unavailable
from pipeline.alerts.channels.email.smtp import SmtpTransport
from pipeline.config.variable_values import mail_server_problem
from pipeline.errors import ConfigError, TransportError

HOST = "mail.harbour.example"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(autouse=True)
def known_names(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    """Our authority is trusted, and every name of a mail server is an address of this machine's."""
    ask = socket.getaddrinfo

    def answer(host: Any, *more: Any, **named: Any) -> Any:
        return ask("127.0.0.1" if str(host).endswith(".example") else host, *more, **named)

    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr(socket, "getaddrinfo", answer)


def check(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"desk", b"s3cret")
    return AuthResult(success=good, handled=False)


@contextmanager
def server(scheme: str, context: Any, host: str = HOST, *, sign_in: bool = False, **more: Any) -> Iterator[Postbox]:
    """A server that asks for STARTTLS (``smtp``) or speaks TLS from the start (``smtps``)."""
    options = {"tls_context": context, "require_starttls": True} if scheme == "smtp" else {"ssl_context": context}
    signed = {"authenticator": check, "auth_required": True, "auth_require_tls": scheme == "smtp"} if sign_in else {}
    with served(**options, **signed, **more) as box:
        port = box.url.rpartition(":")[2]
        box.url = f"{scheme}://{'desk:s3cret@' if sign_in else ''}{host}:{port}"
        yield box


@pytest.mark.parametrize("sign_in", [False, True])
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("host", [HOST, "localhost", "127.0.0.1"])
def test_mail_leaves_over_tls(authority: Authority, scheme: str, sign_in: bool, host: str) -> None:
    with server(scheme, authority.server(host), host, sign_in=sign_in) as box:
        assert SmtpTransport(box.url).send(EMAIL) == "250 Taken as 4711"
        shown = SmtpTransport(box.url).check(EMAIL.sender)
    assert len(box.emails) == 1
    assert ("STARTTLS" if scheme == "smtp" else "TLS from the start") in shown
    assert ("signed in as desk" in shown) is sign_in
    assert "s3cret" not in shown


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [("name", "mismatch"), ("expired", "expired"), ("authority", "cannot be trusted")],
)
def test_a_certificate_that_does_not_hold_stops_the_mail_and_says_why(
    authority: Authority, tmp_path: Path, scheme: str, fault: str, reason: str
) -> None:
    context = {
        "name": lambda: authority.server("other.example"),
        "expired": lambda: authority.server(HOST, days=-1),
        "authority": lambda: Authority(tmp_path, "Unknown CA").server(HOST),
    }[fault]()
    with server(scheme, context, sign_in=True) as box, pytest.raises(Unavailable, match=reason) as failure:
        SmtpTransport(box.url).send(EMAIL)
    assert not failure.value.permanent
    assert box.emails == []


def test_a_server_without_tls_where_the_address_says_tls_lets_the_mail_wait() -> None:
    with served() as box:
        port = box.url.rpartition(":")[2]
        with pytest.raises(Unavailable, match="no TLS connection"):
            SmtpTransport(f"smtps://{HOST}:{port}").send(EMAIL)
        with pytest.raises(Unavailable, match="not sent in the clear"):
            SmtpTransport(f"smtp://desk:s3cret@{HOST}:{port}").send(EMAIL)


def test_where_tls_is_required_no_email_leaves_without_it(authority: Authority) -> None:
    with served() as box:
        for host in (HOST, "127.0.0.1"):
            url = f"smtp://{host}:{box.url.rpartition(':')[2]}"
            with pytest.raises(Unavailable, match=r"offers no TLS.*starttls=required"):
                SmtpTransport(f"{url}?starttls=required").send(EMAIL)
        assert box.emails == []
        SmtpTransport(url).send(EMAIL)
    with server("smtp", authority.server(HOST)) as box:
        assert SmtpTransport(f"{box.url}?starttls=required").send(EMAIL) == "250 Taken as 4711"


@pytest.mark.parametrize("url", ["smtp://h?starttls=maybe", "smtp://h?tls=1", "smtps://h?starttls=required"])
def test_what_an_address_asks_for_is_never_ignored(url: str) -> None:
    with pytest.raises(ConfigError, match="starttls=required"):
        SmtpTransport(url)
    assert "starttls=required" in mail_server_problem(url)


@pytest.mark.parametrize("password", ["wrong", "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C"])
def test_a_wrong_password_lets_the_mail_wait(authority: Authority, password: str) -> None:
    with (
        server("smtp", authority.server(HOST), sign_in=True) as box,
        pytest.raises(Unavailable, match="ONRECORD_SMTP_URL"),
    ):
        SmtpTransport(box.url.replace("s3cret", password)).send(EMAIL)
    assert box.emails == []


@pytest.mark.parametrize("host", ["nobody..example", ".example", "x" * 70 + ".example"])
def test_a_host_name_that_cannot_be_is_no_fault_of_the_mail(host: str) -> None:
    with pytest.raises(Unavailable):
        SmtpTransport(f"smtps://{host}:9").send(EMAIL)


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [
        ("530 5.7.0 authentication required", False),
        ("554 5.7.1 <reader@example.org>: Relay access denied", False),
        ("450 4.2.0 greylisted", False),
        ("553 5.1.3 no such mailbox", True),
        ("501 5.1.3 bad recipient address", True),
    ],
)
def test_only_a_refusal_of_the_recipient_is_final(authority: Authority, reply: str, permanent: bool) -> None:
    with server("smtp", authority.server(HOST)) as box:
        box.rcpt = lambda _: reply
        with pytest.raises(TransportError, match=reply[:9]) as failure:
            SmtpTransport(box.url).send(EMAIL)
    assert failure.value.permanent is permanent


@pytest.mark.parametrize("step", ["ehlo", "starttls", "mail"])
@pytest.mark.parametrize("code", [451, 554])
def test_a_refusal_before_the_recipient_lets_the_mail_wait(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    """The server's words are put in at our end of the line; all else is real."""
    real = smtplib.SMTP.getreply
    sent: list[str] = []
    put_command = smtplib.SMTP.putcmd

    def note(self: smtplib.SMTP, cmd: str, args: str = "") -> None:
        sent.append(cmd.lower())
        put_command(self, cmd, args)

    def reply(self: smtplib.SMTP) -> tuple[int, bytes]:
        found = real(self)
        return (code, b"not now") if sent and sent[-1].startswith(step) else found

    monkeypatch.setattr(smtplib.SMTP, "putcmd", note)
    monkeypatch.setattr(smtplib.SMTP, "getreply", reply)
    with server("smtp", authority.server(HOST)) as box, pytest.raises(Unavailable):
        SmtpTransport(box.url).send(EMAIL)
    assert box.emails == []


def test_mails_wait_while_the_certificate_does_not_hold_and_then_go_out(engine: Engine, authority: Authority) -> None:
    start_watching(engine)
    put(engine, *({"source": "a", "path": str(n), "words": f"promise number {n} of very many"} for n in range(4)))
    with server("smtp", authority.server(HOST, days=-1)) as box:
        result = run_alerts(engine, box.url)
    assert (result.dead, result.waiting, states(engine)) == (0, 4, {"pending": 4})
    assert ["expired" in problem for problem in result.problems] == [True]
    with server("smtp", authority.server(HOST)) as box:
        assert run_alerts(engine, box.url).sent == 4
    assert states(engine) == {"sent": 4}
