"""Starts, closes and lists one's own interactions."""

import click

from db.operations.start_interaction import Direction, InteractionChannel
from db.queries.interactions import own_interactions
from db.rules.identifiers import format_customer_number
from tui import output
from tui.commands.setup import Setup, pass_setup
from tui.commands.values import NUMBER, customer_number, limit_option
from tui.commands.work import Wish, operation, perform


@click.group("interaction")
def command() -> None:
    """Start, close and list your interactions; give the number to: latchkey do … --interaction N."""


@command.command("start")
@click.option(
    "--channel", type=click.Choice([item.value for item in InteractionChannel]), required=True, help="How."
)
@click.option(
    "--direction",
    type=click.Choice([Direction.INBOUND.value, Direction.OUTBOUND.value]),
    default="inbound",
    show_default=True,
    help="Who began it.",
)
@click.option("--customer", metavar="CUSTOMER", help="Whom it is about, if that is known.")
@click.option("--caller", metavar="TEXT", help="The number or login that it came from.")
@click.option("--ticket", metavar="TEXT", help="Its number in the ticket system.")
@click.option("--reason", metavar="TEXT", help="Why; by default the channel.")
@output.json_option
@pass_setup
def start(
    setup: Setup,
    channel: str,
    direction: str,
    customer: str | None,
    caller: str | None,
    ticket: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """Start an interaction and print its number."""
    values = {
        "channel": channel,
        "direction": direction,
        "customer": None if customer is None else customer_number(customer),
        "inbound_identifier": caller,
        "ticket": ticket,
    }
    wish = Wish(values=values, reason=f"contact by {channel}" if reason is None else reason)
    applied = perform(setup, operation("start-interaction"), wish)
    number = next(int(change.row) for change in applied.changes if change.field == "interaction.channel")
    if as_json:
        output.print_json({"interaction": number, "event": applied.event})
        return
    output.line(f"Interaction {number} is open. Use it with: latchkey do … --interaction {number}")


@command.command("close")
@click.argument("number", type=NUMBER)
@click.option("--reason", metavar="TEXT", default="interaction ended", show_default=True, help="Why.")
@output.json_option
@pass_setup
def close(setup: Setup, number: int, reason: str, as_json: bool) -> None:
    """Close interaction NUMBER."""
    wish = Wish(values={"interaction": number}, reason=reason)
    applied = perform(setup, operation("close-interaction"), wish)
    if as_json:
        output.print_json({"interaction": number, "event": applied.event})
        return
    output.line(f"Interaction {number} is closed.")


@command.command("list")
@click.option("--all", "with_closed", is_flag=True, help="Closed ones too.")
@limit_option()
@output.json_option
@pass_setup
def list_interactions(setup: Setup, with_closed: bool, limit: int, as_json: bool) -> None:
    """List your interactions, newest first; only the open ones unless --all is given."""
    with setup.database() as database:
        actor = setup.actor(database)
        with database.reading() as connection:
            rows, more = own_interactions(
                connection, actor.operator_id, only_open=not with_closed, limit=limit
            )
    if as_json:
        output.print_list(rows, more=more)
        return
    if not rows:
        output.line(
            "You have no open interaction. Start one with: latchkey interaction start --channel phone"
        )
        return
    output.table(
        ("Number", "Channel", "Direction", "Customer", "Ticket", "Opened", "Closed"),
        [
            (
                row.id,
                row.channel,
                row.direction,
                format_customer_number(row.customer_id) if row.customer_id else None,
                row.ticket,
                row.opened_at,
                row.closed_at,
            )
            for row in rows
        ],
    )
