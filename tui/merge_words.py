"""The words of merging: who goes into whom, what would follow, and what is asked."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from db.rules.identifiers import format_customer_number
from db.rules.wording import counted
from tui.widgets.banner import Answer
from tui.widgets.diff import Line, Tone

if TYPE_CHECKING:
    from datetime import datetime

    from db.duplicates.candidates import Candidate
    from db.merge_outlook import Entrance, Outlook
    from db.merging.conflicts import Conflict
    from db.queries.merging import MergeView
    from tui.merge_plan import Plan

MERGE: Final = "Merge"
FEWEST, MOST = 2, 8
FEW: Final = 4
"""Numbers that are told one by one; more are counted."""
NOT_READ: Final = "Nothing can be merged just now. esc goes back."
STALE_BELOW: Final = "Nothing, until you have seen what changed meanwhile."
AFTER: Final = "After the merge"
AFTER_END: Final = "tried and rolled back"
WHY: Final = "Why they may be one person, or not"
TRYING: Final = "trying the merge…"
NOTHING_TO_TURN: Final = "It is the survivor's own and stays."
NOTHING_THERE: Final = "That customer has nothing here."
NOT_PRIMARY: Final = "It is left behind: space keeps it first."
MOST_MERGED: Final = "No more than eight are merged at once."
NO_PAIR: Final = "The one on this row is the survivor: choose a row of the other to judge the pair."
SAVING: Final = "Merging… It cannot be stopped half-way; a moment."
REASON_ABOUT: Final = (
    "Why are they one person? It goes into the audit log, and whoever undoes the merge reads it."
)
MERGE_WITH: Final = "Merge with…"
MERGE_WITH_BOX: Final = "another customer's number, name, email or phone"
NO_CANDIDATE: Final = "Nobody on file looks like the same person. Type a number or a name."
NO_MERGE: Final = "No merge of this customer stands, so there is none to take back."
NOTHING_LOST: Final = (
    "Nothing is deleted, old numbers lead to the survivor, and a lead can undo it at any time."
)
KEEP, RESTORE = "keep", "restore"
FOR_STALE: Final = (
    Answer("enter", "⏎", "go on from the newest, keep what I chose", "newest"),
    Answer("escape", "esc", "back", "stay"),
)
KEEP_HELP: Final = "What was changed since the merge stays as it is now."
RESTORE_HELP: Final = "It becomes again what it was before the merge."
MARKED_HELP: Final = "Merges all that you have marked with this one."
_TABLES: Final = {
    "email_profile": ("email", "emails"),
    "phone_profile": ("phone", "phones"),
    "address": ("postal address", "postal addresses"),
    "authorised_person": ("authorised person", "authorised persons"),
    "authentication_profile": ("sign-in", "sign-ins"),
    "pass": ("pass", "passes"),
    "contract": ("contract", "contracts"),
    "message": ("message", "messages"),
    "interaction": ("interaction", "interactions"),
    "note": ("note", "notes"),
    "link": ("link", "links"),
    "one_time_code": ("code", "codes"),
    "sign_in_attempt": ("sign-in attempt", "sign-in attempts"),
    "customer_session": ("session", "sessions"),
    "playbook_walk": ("walk", "walks"),
    "operator": ("operator's own record", "operators' own records"),
    "customer": ("number merged before", "numbers merged before"),
}


def in_words(parts: Sequence[str]) -> str:
    """Join words as they are said: one, another and a third."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def number_list(numbers: Iterable[int]) -> str:
    """Return numbers as they are said: C-1, C-2 and C-3."""
    return in_words([format_customer_number(number) for number in numbers])


def summary(plan: "Plan", width: int) -> Content:
    """Return the line below the header: who goes into whom, and why this one survives, as far as it fits."""
    proposal = plan.start.proposal
    others = plan.ids[1:]
    whom = number_list(others) if len(others) < FEW else f"{len(others)} customers"
    who = (f"{whom} → {proposal.accounts[0].number}", "bold")
    told = Content.assemble(who, "   ", ("survives: ", "$text-muted"))
    why = ""
    for reason in proposal.reasons:
        longer = f"{why}, {reason}" if why else reason
        if why and told.cell_length + cell_len(longer) > width:
            break
        why = longer
    return Content.assemble(told, (why, "$text-muted"))


# ---- what would follow


def outlook_lines(seen: "Outlook") -> tuple[Line, ...]:
    """Return what the merge that was rolled back did, and how the customer signs in after it."""
    lines = [Line("moves", after=_rows(seen.moved) or "nothing")]
    if seen.ended:
        lines.append(Line("ends", after=_rows(seen.ended), tone=Tone.WARNING))
    lines += _entrances(seen.entrances)
    codes = " · ".join(str(way.address) for way in seen.codes if way.is_open)
    lines.append(
        Line("codes to", after=codes) if codes
        else Line("codes to", after="✗ no address that a code or link can reach", tone=Tone.WARNING)
    )  # fmt: skip
    lines += [
        Line("then" if place == 0 else "", after=f"{text[:1].upper()}{text[1:]}".rstrip("."))
        for place, text in enumerate(seen.applied.outcomes)
    ]
    return tuple(lines)


def _rows(counts: "dict[str, int]") -> str:
    known = [name for name in _TABLES if counts.get(name)]
    others = sorted(set(counts) - set(known))
    words = [counted(counts[name], *_TABLES[name]) for name in known]
    words += [counted(counts[name], name.replace("_", " ")) for name in others]
    return " · ".join(words)


def _entrances(entrances: "Iterable[Entrance]") -> Iterator[Line]:
    found = list(entrances)
    works = [
        f"{each.kind} {each.identifier}{'' if each.worked else ' (new)'}" for each in found if each.works
    ]
    if works:
        yield Line("signs in", after=f"✓ with {' · '.join(works)}", tone=Tone.GOOD)
    else:
        why = found[0].after.cause.sentence if found else "Nothing to sign in with is on file."
        yield Line("signs in", after=f"✗ not at once: {why}", tone=Tone.DANGER)
    stops = [each for each in found if each.stops]
    for place, each in enumerate(stops):
        why = _in_short(each.after.cause.value)
        text = f"✗ {each.kind} {each.identifier} no longer signs in: {why}"
        yield Line("" if place else "stops", after=text, tone=Tone.WARNING)
    still = [each for each in found if not each.works and not each.stops] if works else []
    for place, each in enumerate(still):
        text = f"{each.kind} {each.identifier}: {_in_short(each.after.cause.value)}"
        yield Line("" if place else "as before", after=text, tone=Tone.QUIET)


def _in_short(cause: str) -> str:
    return {"merged": "it is answered with the survivor", "disabled": "the sign-in is disabled"}.get(
        cause, cause.replace("-", " ")
    )


def in_the_way(count: int) -> str:
    """Say why nothing could be tried."""
    return f"Nothing yet: {counted(count, 'thing')} above {'stands' if count == 1 else 'stand'} in the way."


# ---- around a merge


def all_from(number: str, name: str) -> str:
    """Say whose values were taken."""
    return f"All from {number} {name}. a takes all from the next one."


def candidate_line(found: "Candidate") -> str:
    """Return a candidate on one line, with how far it agrees."""
    place = " ".join(filter(None, (found.city, found.state)))
    number = format_customer_number(found.customer_id)
    return f"{number}  {found.name} · {found.status} · {place or 'no address'}"


def question(plan: "Plan") -> str:
    """Ask before it is done."""
    return f"Merge {number_list(plan.ids[1:])} into {format_customer_number(plan.survivor)}?"


def meaning(seen: "Outlook | None") -> str:
    """Say what the answer means."""
    what = f"Moves {_rows(seen.moved) or 'nothing'}." if seen is not None else ""
    ends = f" Ends {_rows(seen.ended)}." if seen is not None and seen.ended else ""
    return f"{what}{ends}\n{NOTHING_LOST}"


def merged_line(merge: "MergeView", customer_id: int, now: "datetime") -> str:
    """Say what became of a customer, or who came to them."""
    when = f"{merge.at.astimezone(now.tzinfo):%Y-%m-%d}"
    if customer_id != merge.survivor:
        into = format_customer_number(merge.survivor)
        return f"→ merged into {into} on {when} by {merge.operator_id} · o opens it, u takes the merge back"
    return f"⇐ {number_list(merge.absorbed)} merged in on {when} by {merge.operator_id}"


def conflict_title(conflict: "Conflict", label: str) -> str:
    """Ask about one thing that was changed since the merge."""
    was, now = conflict.was or "nothing", conflict.now or "nothing"
    return f"{label}: {was} before the merge, {now} now (by {conflict.by})"
