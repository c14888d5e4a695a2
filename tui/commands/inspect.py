"""Inspects a mail that a customer forwarded; whose message it is, is an audit event (R2)."""

import sys
from pathlib import Path

import click

from db import runner
from db.errors import Invalid
from db.inspection import Inspection, inspect
from db.queries.viewer import Viewer
from db.rules.identifiers import find_references, format_customer_number
from db.settings import load_policy
from tui import output
from tui.commands.setup import Setup, pass_setup

MAX_BYTES = 1_000_000


@click.command("inspect")
@click.argument("mail", default="-")
@output.json_option
@pass_setup
def command(setup: Setup, mail: str, as_json: bool) -> None:
    """Inspect MAIL: a file, - for what is piped or pasted in, or just a reference like LK-7F3K-2M9Q.

    Secrets in the mail are neither kept nor shown.
    """
    text = _read(mail)
    with setup.database() as database:
        actor = setup.actor(database)
        with database.reading() as connection:
            own = None if setup.in_sandbox else setup.config.link_host
            found = inspect(
                connection,
                text,
                link_host=own or load_policy(connection).link_host,
                viewer=Viewer(actor.operator_id),
            )
        if found.message is not None:
            runner.observe(database, actor, "inspect-mail", customer_id=found.message.customer_id)
    if as_json:
        output.print_json(found)
    else:
        _print(found)


def _read(mail: str) -> str:
    """Return what is to be inspected; raise `Invalid` where it cannot be read."""
    if mail == "-":
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    elif find_references(mail) and not Path(mail).exists():
        return mail
    else:
        raw = _content(Path(mail))
    if len(raw) > MAX_BYTES:
        raise Invalid(
            "The mail is too large: at most 1 MB. Paste its text without attachments.", field="mail"
        )
    return raw.decode("utf-8", "replace")


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as content:
            return content.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        raise Invalid(
            "That is neither a reference like LK-7F3K-2M9Q nor a file that can be read. Check the name.",
            field="mail",
        ) from None


def _print(found: Inspection) -> None:
    output.line(f"{found.verdict.value}: {found.sentence}")
    for fact in found.facts:
        output.line(fact)
    if found.message is not None:
        output.line(f"Customer: {format_customer_number(found.message.customer_id)}")
    if found.hosts:
        output.line(f"Links in it also lead to: {', '.join(found.hosts)}")
