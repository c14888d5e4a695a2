"""Prints the versions that a report of a problem needs."""

import platform

import click

from db.schema import known_revisions
from db.version import APP_VERSION
from tui import output


@click.command("version")
@output.json_option
def command(as_json: bool) -> None:
    """Print the versions of program, Python and schema."""
    found = {"latchkey": APP_VERSION, "python": platform.python_version(), "schema": known_revisions()[-1]}
    if as_json:
        output.print_json(found)
        return
    output.line(f"latchkey {found['latchkey']} · Python {found['python']} · schema {found['schema']}")
