"""Lists the typo table, and says what it proposes for an address."""

import click

from db.queries.typos import SHIPPED_LINE, TypoRuleView, read_typo_table
from db.rules.typo import propose
from tui import output
from tui.commands.setup import Setup, pass_setup


@click.group("typos")
def command() -> None:
    """List the corrections that support may make of an email, and try one; edit with: latchkey do
    change-typo-table."""


@command.command("list")
@click.option("--all", "with_shipped", is_flag=True, help="Every shipped line too, and not only the edited.")
@output.json_option
@pass_setup
def list_typos(setup: Setup, with_shipped: bool, as_json: bool) -> None:
    """List the rules in their order, and the lines that admins have added or removed."""
    with setup.database() as database:
        setup.actor(database)
        with database.reading() as connection:
            rules = read_typo_table(connection).rules
    if as_json:
        output.print_list([_row(rule, with_shipped=with_shipped) for rule in rules])
        return
    output.table(
        ("Rule", "On", "Example", "Corrected", "Lines", "What it is"),
        [(rule.id, rule.is_on, *rule.example, len(rule.lines), rule.label) for rule in rules],
    )
    lines = [
        (line.part, line.wrong, line.right, line.state)
        for rule in rules
        for line in rule.lines
        if with_shipped or line.state != SHIPPED_LINE
    ]
    if lines:
        output.heading("Lines")
        output.table(("List", "Wrong", "Right", "State"), lines)


@command.command("try")
@click.argument("address")
@output.json_option
@pass_setup
def try_address(setup: Setup, address: str, as_json: bool) -> None:
    """Say what the table proposes for ADDRESS; nothing is looked up or changed."""
    with setup.database() as database:
        setup.actor(database)
        with database.reading() as connection:
            table = read_typo_table(connection).table
    found = propose(address, table)
    if as_json:
        output.print_list([{"rule": each.rule, "before": each.before, "after": each.after} for each in found])
        return
    if not found:
        output.line("The table corrects nothing here: any other address would be a replacement.")
        return
    output.table(("Rule", "Address", "Corrected"), [(each.rule, each.before, each.after) for each in found])


def _row(rule: TypoRuleView, *, with_shipped: bool) -> dict[str, object]:
    lines = [line for line in rule.lines if with_shipped or line.state != SHIPPED_LINE]
    return {
        "rule": rule.id,
        "label": rule.label,
        "on": rule.is_on,
        "example": {"wrong": rule.example[0], "right": rule.example[1]},
        "lines": [
            {"list": line.part, "wrong": line.wrong, "right": line.right, "state": line.state}
            for line in lines
        ],
    }
