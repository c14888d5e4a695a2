"""Delivers, lists and retries messages."""

import signal
import threading

import click

from db.delivery.folder import FolderTransport
from db.delivery.smtp import SmtpTransport
from db.delivery.transports import Transport
from db.delivery.worker import Outbox
from db.errors import Invalid, ReadOnly
from db.models import MessageState
from db.queries.outbox import message_of_reference, read_outbox
from db.queries.viewer import Viewer
from db.rules.identifiers import format_customer_number
from tui import output
from tui.commands.do import print_applied
from tui.commands.setup import Setup, pass_setup
from tui.commands.values import limit_option
from tui.commands.work import Wish, operation, perform_as

STOP_SECONDS = 2.0


@click.group("outbox")
def command() -> None:
    """Deliver, list and retry messages."""


@command.command("run")
@click.option("--once", is_flag=True, help="Deliver what is due now, and end.")
@output.json_option
@pass_setup
def run(setup: Setup, once: bool, as_json: bool) -> int:
    """Deliver messages until stopped (Ctrl-C or SIGTERM), as a service does.

    Exit status 1 with --once where the mail server could not be reached.
    """
    if setup.read_only:
        raise ReadOnly()
    with setup.database() as database:
        outbox = Outbox(database, _transport(setup), link_host=_link_host(setup))
        if not once:
            return _run_until_stopped(outbox)
        done = outbox.deliver()
    if as_json:
        output.print_json(done)
    else:
        output.line(f"{done.sent} sent, {done.deferred} deferred, {done.failed} failed.")
        if done.is_blocked:
            output.line("The mail server was out of reach, so the others wait. Check: latchkey outbox list")
    return int(done.is_blocked)


def _run_until_stopped(outbox: Outbox) -> int:
    """Let a thread work until a signal comes; a handler could meet the very lock that it must take."""
    endings = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, endings)
    stop = threading.Event()
    worker = threading.Thread(target=outbox.run, args=(stop,), name="outbox", daemon=True)
    worker.start()
    asked_to_stop = None
    while worker.is_alive() and asked_to_stop is None:
        asked_to_stop = signal.sigtimedwait(endings, 1.0)
    stop.set()
    worker.join(STOP_SECONDS)
    return 0 if asked_to_stop else 1


def _transport(setup: Setup) -> Transport:
    if setup.mailbox is not None:
        return FolderTransport(setup.mailbox)
    if setup.config.smtp_url is None:
        raise Invalid(
            "No mail server is configured, so nothing can leave. Set smtp_url in the configuration file.",
            code="config",
            field="smtp_url",
        )
    return SmtpTransport(setup.config.smtp_url)


def _link_host(setup: Setup) -> str | None:
    return None if setup.in_sandbox else setup.config.link_host


@command.command("list")
@click.option("--state", type=click.Choice([state.value for state in MessageState]), help="Only this state.")
@limit_option()
@output.json_option
@pass_setup
def list_messages(setup: Setup, state: str | None, limit: int, as_json: bool) -> None:
    """List messages, newest first, with the mail server's own words."""
    wanted = None if state is None else MessageState(state)
    with setup.database() as database:
        viewer = Viewer(setup.actor(database).operator_id)
        with database.reading() as connection:
            rows, more = read_outbox(connection, viewer, state=wanted, limit=limit)
    if as_json:
        output.print_list(rows, more=more)
        return
    if not rows:
        output.line("There are no such messages.")
        return
    output.table(
        ("Reference", "Customer", "Kind", "To", "State", "Tries", "Made", "The server said"),
        [
            (
                row.reference,
                format_customer_number(row.customer_id),
                row.kind,
                row.recipient,
                row.state,
                row.attempts,
                row.created_at,
                row.reply,
            )
            for row in rows
        ],
    )


@command.command("retry")
@click.argument("reference")
@click.option("--reason", metavar="TEXT", default="", help="Why; kept in the audit log.")
@output.json_option
@pass_setup
def retry(setup: Setup, reference: str, reason: str, as_json: bool) -> None:
    """Send the failed message REFERENCE (LK-….-….) again."""
    with setup.database() as database:
        actor = setup.actor(database)
        with database.reading() as connection:
            message, customer = message_of_reference(connection, reference)
        wish = Wish(values={"customer": customer, "message": message}, reason=reason)
        applied = perform_as(setup, database, actor, operation("retry-message"), wish)
    print_applied(applied, as_json=as_json)
