"""Delivers, lists and retries messages, and takes in those that came back."""

import signal
import sys
import threading

import click

from db import runner
from db.actor import service
from db.delivery.bounces import MAX_BYTES, Bounce, parse_bounce
from db.delivery.folder import FolderTransport
from db.delivery.transports import Transport
from db.delivery.ways_out import transport_to
from db.delivery.worker import Outbox
from db.engine import Database
from db.errors import Invalid, ReadOnly, Unknown
from db.models import MessageState
from db.operations.record_bounce import KNOWN_ALREADY, RecordBounce
from db.queries.messages import MessageDetail, read_message
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
    """Deliver, list and retry messages, and take in those that came back."""


@command.command("run")
@click.option("--once", is_flag=True, help="Deliver what is due now, and end.")
@output.json_option
@pass_setup
def run(setup: Setup, once: bool, as_json: bool) -> int:
    """Deliver messages until stopped (Ctrl-C or SIGTERM), as a service does.

    Exit status 1 with --once where the mail server or the SMS gateway could not be reached.
    """
    if setup.read_only:
        raise ReadOnly()
    with setup.database() as database:
        outbox = Outbox(database, _transport(setup), link_host=_link_host(setup), code_key=setup.code_key())
        if not once:
            return _run_until_stopped(outbox)
        done = outbox.deliver()
    if as_json:
        output.print_json(done)
    else:
        output.line(f"{done.sent} sent, {done.deferred} deferred, {done.failed} failed.")
        if done.is_blocked:
            output.line("A server was out of reach, so the others wait. Check: latchkey outbox list")
    return int(done.is_blocked)


def _run_until_stopped(outbox: Outbox) -> int:
    """Let a thread work until a signal comes; a handler could meet the very lock that it must take."""
    endings = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, endings)
    stop = threading.Event()
    failures: list[Exception] = []

    def work() -> None:
        try:
            outbox.run(stop)
        except Exception as failure:  # noqa: BLE001  # raised again below, where it becomes an incident (R39)
            failures.append(failure)

    worker = threading.Thread(target=work, name="outbox", daemon=True)
    worker.start()
    asked_to_stop = None
    while worker.is_alive() and asked_to_stop is None:
        asked_to_stop = signal.sigtimedwait(endings, 1.0)
    stop.set()
    worker.join(STOP_SECONDS)
    if failures:
        raise failures[0]
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
    return transport_to(smtp_url=setup.config.smtp_url, sms_url=setup.config.sms_url)


def _link_host(setup: Setup) -> str | None:
    return None if setup.in_sandbox else setup.config.link_host


@command.command("list")
@click.option("--state", type=click.Choice([state.value for state in MessageState]), help="Only this state.")
@limit_option()
@output.json_option
@pass_setup
def list_messages(setup: Setup, state: str | None, limit: int, as_json: bool) -> None:
    """List messages, newest first, with the server's own words."""
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
        ("Reference", "Customer", "Kind", "By", "To", "State", "Tries", "Made", "The server said"),
        [
            (
                row.reference,
                format_customer_number(row.customer_id),
                row.kind,
                row.channel,
                row.recipient,
                row.state,
                row.attempts,
                row.created_at,
                row.reply,
            )
            for row in rows
        ],
    )


@command.command("show")
@click.argument("reference")
@output.json_option
@pass_setup
def show(setup: Setup, reference: str, as_json: bool) -> None:
    """Show every attempt at the message REFERENCE (LK-….-….), and what became of its link or code."""
    with setup.database() as database:
        actor = setup.actor(database)
        with database.reading() as connection:
            message, customer = message_of_reference(connection, reference)
            found = read_message(connection, message, Viewer(actor.operator_id))
        runner.observe(database, actor, "open-message", customer_id=customer)
    if as_json:
        output.print_json(found)
        return
    _print_message(found)


def _print_message(found: MessageDetail) -> None:
    message, carried = found.message, found.carried
    output.line(
        f"{message.reference}  {message.kind} by {message.channel} to {message.recipient}"
        f" for {format_customer_number(found.customer_id)}: {message.state}"
    )
    if carried is not None:
        why = f" ({carried.void_reason})" if carried.void_reason else ""
        output.line(f"Its {carried.what} ({carried.purpose}) is {carried.state}{why}.")
    output.table(
        ("At", "Outcome", "The server said"), [(one.at, one.outcome, one.reply) for one in found.attempts]
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


@command.command("bounce")
@output.json_option
@pass_setup
def bounce(setup: Setup, as_json: bool) -> None:
    """Take in a delivery-status notification from standard input, as a mail server pipes it.

    Exit status 0 where it was recorded, now or earlier; 1 where it is no notification or about no mail of
    ours.
    """
    found = parse_bounce(sys.stdin.buffer.read(MAX_BYTES + 1))
    with setup.database() as database:
        is_new = _record(database, found)
    if as_json:
        output.print_json({"action": found.action, "status": found.status, "recorded": is_new})
    else:
        said = "Recorded" if is_new else "Known already"
        output.line(f"{said}: {found.action}, {found.words}")


def _record(database: Database, found: Bounce) -> bool:
    """Record a bounce of the first key that is a mail of ours; whether it is news. Raises `Unknown`."""
    for key in found.keys:
        params = RecordBounce(key=key, action=found.action, words=found.words)
        request = runner.Request(
            actor=service("bounces"),
            operation=operation("record-bounce"),
            params=params,
            reason="a mail came back",
        )
        try:
            runner.run(database, request)
        except Unknown:
            continue
        except Invalid as error:
            if error.code != KNOWN_ALREADY:
                raise
            return False
        return True
    raise Unknown("The notification is about no mail of ours, so nothing was recorded.")
