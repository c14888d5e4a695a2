"""The interactions of a customer as rows, each with the walks in it, so that others see what was tried."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from tui import catalogue
from tui.procedure_words import how_far
from tui.section_rows import PLAIN, QUIET, Row

if TYPE_CHECKING:
    from db.queries.customer import CustomerView
    from db.queries.notes import InteractionView
    from db.queries.walks import WalkBrief

WALK: Final = "walk-"


def interaction_rows(view: "CustomerView", now: datetime, *, limit: int) -> tuple[Row, ...]:
    """Return the newest interactions, at most `limit`, and below each what was walked in it."""
    return tuple(_rows(view, now, limit))


def walk_of(key: str) -> int | None:
    """Return the walk that a row shows; None where it shows an interaction."""
    return int(key.removeprefix(WALK)) if key.startswith(WALK) else None


def _rows(view: "CustomerView", now: datetime, limit: int) -> Iterator[Row]:
    walks: dict[int, list[WalkBrief]] = defaultdict(list)
    for walk in reversed(view.walks):
        walks[walk.interaction_id].append(walk)
    for found in view.interactions[:limit]:
        yield _interaction(found, now)
        for walk in walks[found.id]:
            yield _walk(walk, now)
    known = {found.id for found in view.interactions}
    for number in sorted(walks.keys() - known, reverse=True):  # it was about nobody yet when it began
        for walk in walks[number]:
            yield _walk(walk, now)


def _interaction(found: "InteractionView", now: datetime) -> Row:
    return Row(
        str(found.id),
        (
            (catalogue.when(found.opened_at, now), QUIET),
            (found.operator_id, QUIET),
            (f"{found.channel} {found.direction}", PLAIN),
            ("closed" if found.closed_at else "● open", QUIET if found.closed_at else PLAIN),
            (found.ticket or "", QUIET),
        ),
        found.ticket or str(found.id),
        {"interaction": found.id},
    )


def _walk(walk: "WalkBrief", now: datetime) -> Row:
    return Row(
        f"{WALK}{walk.id}",
        (
            (f"└ {catalogue.when(walk.started_at, now)}", QUIET),
            (walk.operator_id, QUIET),
            (walk.title, PLAIN),
            (how_far(walk), PLAIN),
            (walk.playbook_id, QUIET),
        ),
        f"{walk.title}: {how_far(walk)}",
        {"interaction": walk.interaction_id, "walk": walk.id},
    )
