"""Tries a duplicate detection mode before anybody puts it in force (P4)."""

import click

from db.queries.collisions import try_mode
from db.rules.dedup import DedupMode
from db.rules.wording import counted
from tui import output
from tui.commands.setup import Setup, pass_setup


@click.group("dedup")
def command() -> None:
    """Try a duplicate detection mode; change it with: latchkey do change-dedup-mode."""


@command.command("try")
@click.argument("mode", type=click.Choice([mode.value for mode in DedupMode]))
@output.json_option
@pass_setup
def try_it(setup: Setup, mode: str, as_json: bool) -> None:
    """Count what MODE would collide with now; nothing is changed."""
    with setup.database() as database:
        setup.actor(database)
        with database.reading() as connection, output.progress("comparing") as report:
            found = try_mode(connection, DedupMode(mode), report)
    if as_json:
        output.print_json(found)
        return
    output.line(
        f"Under {mode}, {counted(found.customers, 'customer')} in {counted(found.groups, 'group')} share a"
        f" value, and {counted(found.missing, 'customer')} without one would be required to have it."
    )
