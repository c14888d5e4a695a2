"""Finds what may have been meant where nothing matches: likely typos, and identifiers near to it on file."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from db.gate import resolve
from db.queries.viewer import Viewer
from db.rules.policy import Policy
from db.rules.typo import propose
from db.search import find
from db.settings import typo_table

MOST = 5


@dataclass(frozen=True)
class Nearest:
    """Something to try instead: `identifier` to diagnose, or a customer to open."""

    why: str
    identifier: str | None = None
    customer_id: int | None = None
    label: str = ""


def nearest(
    connection: Connection, identifier: str, viewer: Viewer, policy: Policy, now: datetime
) -> tuple[Nearest, ...]:
    """Return corrections of the typo table that lead somewhere, then customers that search finds."""
    corrected = [
        Nearest(f"likely typo ({found.rule})", identifier=found.after, label=found.after)
        for found in propose(identifier, typo_table(policy))
        if resolve(connection, found.after, policy, now).matches
    ]
    page = find(connection, identifier, viewer=viewer, limit=MOST)
    on_file = [
        Nearest(" · ".join(hit.why), customer_id=hit.customer_id, label=f"{hit.number} {hit.name}")
        for hit in page.hits
    ]
    return (*corrected, *on_file)[:MOST]
