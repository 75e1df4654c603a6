"""`onrecord mail ...`: send a test e-mail, and resume a mailbox that was suspended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from pipeline.cli import output
from pipeline.cli.options import Config
from pipeline.config.settings import from_environment
from pipeline.errors import InvalidValue, TransportError, UnknownName

mail = typer.Typer(help="E-mail: send a test, resume a suspended mailbox.", no_args_is_help=True)

Address = Annotated[str, typer.Argument(help="An e-mail address.")]


@mail.command("test")
def send_test(address: Address, config: Config = None) -> int:
    """Send one test e-mail, all the way that alerts go: port, encryption, certificate, sign-in, sender, recipient."""
    from pipeline.alerts.channels.email import transport_for
    from pipeline.alerts.channels.email.smtp import SmtpTransport
    from pipeline.alerts.messages import example_email, sender_for
    from pipeline.alerts.mime import ascii_address

    settings = from_environment(config_dir=config)
    try:
        ascii_address(address)
    except TransportError as error:
        raise InvalidValue(str(error), name="ADDRESS", value=address) from error
    transport = transport_for(settings)
    if isinstance(transport, SmtpTransport):
        output.print_line(transport.check(settings.mail_from))
    reply = transport.send(example_email(address, sender_for(settings), datetime.now(UTC)))
    if isinstance(transport, SmtpTransport):
        output.print_line(f"sent to {address}; the server says: {reply}")
    else:
        output.print_line(f"no ONRECORD_SMTP_URL is set, so nothing was sent: the e-mail is in {reply}")
    return 0


@mail.command()
def resume(address: Address, config: Config = None) -> int:
    """Send e-mails again to a mailbox that was suspended because it refused them three times."""
    from pipeline.store import audit
    from pipeline.store.alerts.readers import resume_mailbox
    from pipeline.store.engine import open_store

    settings = from_environment(config_dir=config)
    with open_store(settings) as engine, engine.begin() as connection:
        suspended = resume_mailbox(connection, address)
        if suspended is None:
            raise UnknownName(f"no watch has the address {address}", kind="address", name=address, near=())
        if suspended:
            audit.add_audit_entry(connection, "mail resume", "a suspended mailbox")
    output.print_line("resumed; what waits is sent by the next `onrecord run`" if suspended else "it is not suspended")
    return 0
