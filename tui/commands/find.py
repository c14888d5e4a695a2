"""Finds customers by whatever the caller gives: a name, an address, a number."""

import hashlib
from collections.abc import Sequence

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

    Names may be misspelt. Narrow it with email: phone: pass: user: name: id: city: or status: in front of
    a word.
    """
    with setup.database() as database:
        actor = setup.actor(database)
        viewer = Viewer(actor.operator_id)
        with database.reading() as connection:
            page = search.find(connection, query, viewer=viewer, limit=limit)
            hits, more = page.hits, page.more
            if page.deeper and len(hits) < limit:
                shown = {hit.customer_id for hit in hits}
                further = search.find_more(connection, query, viewer, shown, limit=limit - len(hits))
                hits, more = hits + further.hits, further.more
        terms = hashlib.sha256(" ".join(query.casefold().split()).encode("utf-8", "replace")).hexdigest()
        seen = (Detail("terms", after=terms), Detail("shown", after=str(len(hits))))
        runner.observe(database, actor, "search", details=seen)
    if as_json:
        output.print_list(hits, more=more, notice=page.notice)
        return
    _print(hits)
    if more:
        counted = f" ({page.counted})" if page.more else ""
        output.line(f"There are more than these {len(hits)}{counted}. Add a word to narrow the search.")
    if page.notice:
        output.line(page.notice)


def _print(hits: Sequence[search.Hit]) -> None:
    if not hits:
        output.line("Nobody was found. Try fewer letters, or another of the customer's details.")
        return
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
            for hit in hits
        ],
    )
