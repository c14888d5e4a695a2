"""Creates, migrates and checks the database, and rebuilds its search index."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from db import schema
from db.engine import Database, connect
from db.errors import ReadOnly
from db.search import rebuild
from tui import output
from tui.commands.setup import Setup, pass_setup

_REINDEX_STEPS = {
    "customers": "adding what is missing",
    "terms": "removing what is left over",
    "words": "going through the words",
    "keys": "going through the keys of words",
}


@click.group("db")
def command() -> None:
    """Create, migrate and check the database, rebuild its search index."""


@command.command("upgrade")
@output.json_option
@pass_setup
def upgrade(setup: Setup, as_json: bool) -> None:
    """Create the database or bring it to this program's version. Make a backup first."""
    with _connected(setup, create=True) as database:
        before = _revision(database)
        if before is not None and before not in schema.known_revisions():
            schema.check(database)
        if before != schema.known_revisions()[-1]:
            schema.upgrade(database)
        after = _revision(database)
        with database.reading() as connection:
            is_due = rebuild.is_due(connection)
    if as_json:
        output.print_json({"before": before, "after": after, "upgraded": before != after, "reindex": is_due})
        return
    if before == after:
        output.line(f"The database is at revision {after} already.")
    else:
        output.line(f"The database went from {before or 'empty'} to revision {after}.")
    if is_due:
        output.line("Its search index is of an older version. Run: latchkey db reindex")


@command.command("current")
@output.json_option
@pass_setup
def current(setup: Setup, as_json: bool) -> None:
    """Print the revision of the database and the newest that this program knows."""
    with _connected(setup, create=False) as database:
        found, newest = _revision(database), schema.known_revisions()[-1]
    if as_json:
        output.print_json({"revision": found, "newest": newest})
        return
    output.line(f"{found or 'not migrated'} (newest: {newest})")


@command.command("check")
@output.json_option
@pass_setup
def check(setup: Setup, as_json: bool) -> None:
    """Check that the database has the version that this program needs; exit status 3 if not."""
    with setup.database():
        pass
    if as_json:
        output.print_json({"ok": True, "revision": schema.known_revisions()[-1]})
        return
    output.line("The database has the version that this program needs.")


@command.command("reindex")
@output.json_option
@pass_setup
def reindex(setup: Setup, as_json: bool) -> None:
    """Rebuild the search index while everybody works on; killed, it goes on there when run again."""
    with setup.database() as database:
        operator = setup.actor(database).operator_id
        with output.progress("Rebuilding the search index") as report:
            added, removed = rebuild.reindex(
                database,
                operator=operator,
                reason="latchkey db reindex",
                progress=lambda step, done, total: report(_REINDEX_STEPS[step], done, total),
            )
    if as_json:
        output.print_json({"added": added, "removed": removed})
        return
    output.line(f"The search index is rebuilt: {added:,} rows were missing, {removed:,} were left over.")


@contextmanager
def _connected(setup: Setup, *, create: bool) -> Iterator[Database]:
    """Open the database whatever its schema."""
    if setup.read_only and create:
        raise ReadOnly()
    with setup.remedied():
        database = connect(setup.address, create=create)
        try:
            yield database
        finally:
            database.close()


def _revision(database: Database) -> str | None:
    with database.reading() as connection:
        return schema.current_revision(connection)
