"""The wording of interactions, playbooks and the typo table; the functions put data into it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tui import catalogue

if TYPE_CHECKING:
    from db.queries.interactions import InteractionRow
    from db.queries.walks import WalkBrief, WalkView

PLAYBOOK: Final = "Playbook"
PLAYBOOKS: Final = "Playbooks"
TYPOS: Final = "Typo table"
YOUR_OPEN: Final = "Your open interactions"
START: Final = "Start one"
START_ANOTHER: Final = "Start another"
START_HELP: Final = "Asks for channel, direction, the caller's number and the ticket."
NEEDS_INTERACTION: Final = "A walk is kept with an interaction"
CONTACT: Final = "customer contact"
"""The reason that the form of a new interaction begins with."""
ENDED: Final = "interaction ended"
NO_PLAYBOOK: Final = "No playbook is offered. g, Playbooks, shows the retired ones too."
NOT_DUE: Final = "This step is not due. ↑ goes to the one marked ●, or to an earlier answer."
NOBODY_KNOWN: Final = (
    "Nobody is known yet whom this is about. / finds the customer; opened there, p goes on with this walk."
)
NO_CUSTOMER: Final = "No customer is known in this walk. / finds one."
NO_SKIPPED: Final = "No step is skipped so far."
CHANGED: Final = "△ The playbook was changed since this walk began."
NO_SUCH_ANSWER: Final = "This step has no answer of that number."
NOT_DECIDED: Final = "This step is not answered by a number. ⏎ does it."
ELSEWHERE: Final = "k ticks it once it is done elsewhere."
TYPE_ANSWER: Final = "type the answer, ⏎ keeps it"
LOADING_WALK: Final = "reading the walk…"
KINDS: Final = {
    "say": "Say",
    "ask": "Ask",
    "check": "Found out by itself",
    "do": "Do",
    "decide": "Decide",
}
NEXT_KEYS: Final = {
    "say": "⏎ said: on to the next step",
    "ask": "⏎ goes into the answer, and keeps it",
    "check": "⏎ checks again",
    "do": "⏎ opens the form; saved, the step is ticked. k ticks it without",
    "decide": "the number of the answer, or ⏎ for the list",
}
TRY: Final = "Try it"
TRY_HINT: Final = "tab, then type an address"
NO_CORRECTION: Final = "The table corrects nothing here: any other address would be a replacement."
RULE_ROW: Final = "⏎ shows its lines, space switches it, a adds a line"
LINE_ROW: Final = "⏎ takes the line out, or puts it back; a adds one"
CHARACTERS: Final = "goes by characters, not by a list"
FIRST_PLAYBOOK: Final = """\
id = "our-own"
title = "What it is for"
procedure = "P5"
about = "When to use it."

[[steps]]
id = "hello"
kind = "say"
text = "What is said to the caller."
"""
"""What the form of a new playbook begins with."""
_CHANNELS: Final = {"phone": "call", "chat": "chat", "email": "mail", "desk": "desk"}


def named(channel: str, number: int) -> str:
    """Return how an interaction is called: "call 12"."""
    return f"{_CHANNELS.get(channel, 'session')} {number}"


def span(since: datetime, now: datetime) -> str:
    """Say how long something lasts: "4 min"."""
    passed = max(now - since, timedelta())
    if passed < timedelta(minutes=100):
        return f"{passed // timedelta(minutes=1)} min"
    return f"{passed // timedelta(hours=1)} h" if passed < timedelta(hours=48) else f"{passed.days} d"


def badge(row: "InteractionRow", now: datetime) -> str:
    """Return what the header says of the open interaction: "call 12 · 4 min"."""
    return f"{named(row.channel, row.id)} · {span(row.opened_at, now)}"


def told(row: "InteractionRow", now: datetime) -> str:
    """Return all that is known of an interaction in one line."""
    parts = (
        row.channel if row.direction == "none" else f"{row.channel} {row.direction}",
        f"from {row.inbound_identifier}" if row.inbound_identifier else "",
        f"ticket {row.ticket}" if row.ticket else "",
        f"about C-{row.customer_id}" if row.customer_id else "about nobody yet",
        f"since {catalogue.when(row.opened_at, now)} ({span(row.opened_at, now)})",
    )
    return " · ".join(part for part in parts if part)


def still_open(rows: "tuple[InteractionRow, ...]", now: datetime) -> str:
    """Offer what was left open; nothing is recorded with it until it is taken up."""
    first = rows[0]
    more = f", and {len(rows) - 1} more" if len(rows) > 1 else ""
    since = catalogue.when(first.opened_at, now)
    name = named(first.channel, first.id)
    return f"Your {name} of {since} is still open{more}: tab, then i, goes on with it or closes it."


def left_open(row: "InteractionRow") -> str:
    """Say on leaving that an interaction stays open."""
    return f"Your {named(row.channel, row.id)} stays open. It is offered again at the next start."


def taken_up(row: "InteractionRow") -> str:
    """Say what is recorded with what from now on."""
    return f"{named(row.channel, row.id).capitalize()}: what you do from now on is recorded with it."


def closed(row: "InteractionRow") -> str:
    """Say that it is over."""
    return f"{named(row.channel, row.id).capitalize()} is closed."


def lost(row: "InteractionRow | None") -> str:
    """Say that an interaction was closed from elsewhere, and what that means."""
    name = "Your interaction" if row is None else f"Your {named(row.channel, row.id)}"
    return f"{name} was closed elsewhere; what you do now is recorded with none. i starts another."


def how_far(walk: "WalkBrief") -> str:
    """Say how a walk ended, or where it stands: "step 4 of 10"."""
    if walk.outcome:
        return f"✓ {walk.outcome}"
    step = f"step {walk.step} of {walk.steps}"
    return step if walk.is_open else f"left at {step}"


def who_walks(view: "WalkView", now: datetime) -> str:
    """Say whose walk it is, in which interaction, since when."""
    about = "" if view.customer_id is None else f" · about C-{view.customer_id}"
    since = catalogue.when(view.started_at, now)
    return f"{view.operator_id} · interaction {view.interaction_id} · since {since}{about}"


def another_walks(operator_id: str) -> str:
    """Say why it can only be read."""
    return f"This is {operator_id}'s walk: you read it; only {operator_id} carries it on."


def other_interaction(number: int) -> str:
    """Say how to carry on a walk of an interaction that is not the one in the header."""
    return f"This walk belongs to interaction {number}. i goes on with that one; until then it is read only."


CLOSED_WALK: Final = "Its interaction is closed: the walk can be read, not carried on."


def ended(outcome: str) -> str:
    """Say how a walk ended."""
    return f"✓ Ended: {outcome}. Nothing more is recorded here."
