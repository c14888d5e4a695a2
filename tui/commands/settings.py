"""Lists the settings in force, and which of them were edited."""

import click
import msgspec

from db.rules.policy import Policy
from db.settings import load_policy
from tui import output
from tui.commands.setup import Setup, pass_setup


@click.group("settings")
def command() -> None:
    """List the settings in force; change one with: latchkey do change-setting."""


@command.command("list")
@output.json_option
@pass_setup
def list_settings(setup: Setup, as_json: bool) -> None:
    """List every setting with its value, and whether it was edited."""
    with setup.database() as database:
        setup.actor(database)
        with database.reading() as connection:
            policy = load_policy(connection)
    found, shipped = msgspec.to_builtins(policy), msgspec.to_builtins(Policy())
    rows = [
        {
            "key": key,
            "title": _title(key),
            "value": value,
            "shipped": shipped[key],
            "edited": value != shipped[key],
        }
        for key, value in found.items()
    ]
    if as_json:
        output.print_list(rows)
        return
    output.table(
        ("Setting", "Value", "Edited", "What it is"),
        [(row["key"], _value(row["value"]), row["edited"], row["title"]) for row in rows],
    )


def _value(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _title(key: str) -> str:
    schema = msgspec.json.schema(Policy)["$defs"]["Policy"]["properties"][key]
    return str(schema.get("title") or key)
