"""Finds customers by whatever the caller gives: a name, an address, a number."""

import hashlib

import click

from db import runner, search
from db.audit.event import Detail
from db.queries.viewer import Viewer
from tui import output
from tui.commands.setup import Setup, pass_setup
from tui.commands.values import limit_option


@click.command("find")
@click.argument("query")
@limit_option()
@output.json_option
@pass_setup
def command(setup: Setup, query: str, limit: int, as_json: bool) -> None:
    """Find customers by QUERY, best first, and say why each was found.

    Narrow it with email: phone: pass: user: name: or id: in front of a word.
    """
    with setup.database() as database:
        actor = setup.actor(database)
        with database.reading() as connection:
            page = search.find(connection, query, viewer=Viewer(actor.operator_id), limit=limit)
        terms = hashlib.sha256(" ".join(query.casefold().split()).encode("utf-8", "replace")).hexdigest()
        seen = (Detail("terms", after=terms), Detail("shown", after=str(len(page.hits))))
        runner.observe(database, actor, "search", details=seen)
    if as_json:
        output.print_list(page.hits, more=page.more, notice=page.notice)
        return
    _print(page)


def _print(page: search.SearchPage) -> None:
    if page.hits:
        output.table(
            ("Customer", "Name", "Status", "Place", "Last sign-in", "Found by"),
            [
                (
                    hit.number,
                    hit.name,
                    hit.state_words,
                    f"{hit.city} {hit.state}".strip(),
                    hit.last_sign_in_at or "never",
                    hit.why,
                )
                for hit in page.hits
            ],
        )
    else:
        output.line("Nobody was found. Try fewer letters, or another of the customer's details.")
    if page.more:
        output.line(f"There are more than these {len(page.hits)}. Add a word to narrow the search.")
    if page.notice:
        output.line(page.notice)
