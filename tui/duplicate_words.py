"""The words and signs of the duplicates queue: score bars, reasons, why a list is empty."""

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING, Final

from db.rules.identifiers import format_customer_number
from db.rules.wording import counted
from tui.offers import Offer

if TYPE_CHECKING:
    from db.duplicates.scan import Scanned
    from db.duplicates.score import Part, Score
    from db.queries.collisions import Group
    from db.queries.duplicate_scan import QueueView
    from db.queries.duplicates import PairRow, Side

TITLE: Final = "Duplicates"
SCANNING: Final = "scan for duplicates"
RULES: Final = frozenset({"household", "household cap", "namesake", "contact cap"})
MOST_MERGED: Final = 8
TOO_MANY: Final = "More than eight are not merged at once. Open them, and merge some of them first."
BAR: Final = 6
DOUBTFUL, FULL = 6.0, 36.0
"""Bits below the threshold where a bar begins, and above it where it is full."""
STATES: Final = (("open", "open"), ("later", "later"), ("dismissed", "two people"))
LIKELY, ALL, EXACT, EMAIL, PHONE = "likely", "all", "exact", "email", "phone"
KINDS: Final = (
    (LIKELY, "likely"),
    (ALL, "doubtful too"),
    (EXACT, "all equal"),
    (EMAIL, "same email"),
    (PHONE, "same phone"),
)
ASK_DISMISS: Final = "Two people: why?"
ABOUT_DISMISS: Final = (
    "Kept with the pair. It comes back when a name, birth date, contact or pass of the two changes."
)
LATER_REASON: Final = "put off in the queue"
REOPEN_REASON: Final = "judgement taken back in the queue"
ASK_SCAN: Final = "Look for duplicates in the whole base?"
ABOUT_SCAN: Final = (
    "It reads and compares all customers and changes none of them. esc stops it; n goes on there."
)
SCAN_REASON: Final = "looking for duplicates"
SCAN_BUSY: Final = "A scan is under way. esc stops it; it goes on there the next time."
SCAN_LEFT: Final = "The scan was stopped when its screen was left. It goes on there with n."
NOTHING_JUDGED: Final = "Nothing was judged here yet. f, then ← →, shows what was put off or dismissed."
GONE: Final = "The pair that was selected is gone: somebody merged or judged it meanwhile."
LOOKALIKES: Final = "May be a customer already"
ALIKE: Final = "Somewhat alike"
LOOKALIKE_WAY: Final = "ctrl+l"
LOOKALIKE_KEYS: Final = "o opens · esc back to the form"
SELECT_CANDIDATE: Final = "Select a row of the possible duplicates first: ↓ leads there."
MERGE_WHOM: Final = "Merge whom?"
READING_PAIR: Final = "reading both…"


def bar(weight: float, threshold: float) -> str:
    """Return a score as a bar; it begins where pairs are doubtful, and is full far above the threshold."""
    share = (weight - threshold + DOUBTFUL) / (FULL + DOUBTFUL)
    full = max(0, min(BAR, ceil(BAR * share)))
    return f"{'━' * full}{'┄' * (BAR - full)} {signed(weight, plus=False):>5}"


def signed(bits: float, *, plus: bool = True) -> str:
    """Return bits with their sign."""
    return f"{'−' if bits < 0 else '+' if plus else ''}{abs(bits):.1f}"


def named(side: "Side") -> str:
    """Return one customer of a pair in a list."""
    return f"{format_customer_number(side.customer_id)} {side.name}"


def both(pair: "PairRow") -> str:
    """Return a pair in a sentence."""
    return " and ".join(format_customer_number(side.customer_id) for side in (pair.a, pair.b))


def reasons(score: "Score", *, most: int = 3) -> str:
    """Return what speaks most for one person, and what most against it."""
    speaking = sorted(
        (part for part in score.parts if part.what and part.bits > 0), key=lambda part: -part.bits
    )
    words = [said(part) for part in speaking[:most]]
    against = score.deciding
    return " · ".join([*words, *([f"but {said(against)}"] if against is not None else [])])


def said(part: "Part") -> str:
    """Return one part in words: "same phone", "given: nickname"."""
    if part.what == "same":
        return f"same {part.label}"
    return f"other {part.label}" if part.what == "differs" else f"{part.label} {part.what}"


def summary(view: "QueueView") -> tuple[str, str]:
    """Return how full the queue is, and how old."""
    counts = view.counts
    parts = (("open", "open"), ("later", "later"), ("dismissed", "two people"))
    shown = [(state, word) for state, word in parts if counts[state] or state == "open"]
    full = " · ".join(f"{_most(counts[state])} {word}" for state, word in shown)
    scan = view.scan
    if scan is None:
        return full, "No scan yet: n starts one."
    if scan.finished_at is None:
        return full, f"The scan was stopped at {scan.percent} %. n goes on there."
    return full, f"Scanned {scan.finished_at:%Y-%m-%d}. n scans again."


def _most(count: int) -> str:
    return f"{count:,}" if count <= 10_000 else "more than 10,000"


def why_empty(view: "QueueView", *, is_filtered: bool, state: str) -> str:
    """Say why there is no pair, and which key is next."""
    if is_filtered:
        return "No pair fits these filters. f changes them."
    if view.scan is None:
        return "Nobody has looked for duplicates yet. n starts a scan of the whole base."
    if state == "later":
        return "Nothing was put off. f, then ← →, shows the open pairs."
    if state == "dismissed":
        return "Nobody was judged to be two people. f, then ← →, shows the open pairs."
    if view.scan.finished_at is None:
        return f"Nothing was found yet: the scan was stopped at {view.scan.percent} %. n goes on there."
    if view.counts["later"]:
        later = counted(view.counts["later"], "pair")
        return f"All open pairs are judged; {later} put off. f, then ← →, shows them."
    return "All pairs are judged. n scans again, for what has come since."


def scanned(done: "Scanned") -> str:
    """Say what a scan found."""
    found = f"{counted(done.likely, 'pair')} in {counted(done.groups, 'group')} are likely one person"
    lapsed = f"; {counted(done.lapsed, 'dismissed pair')} open again" if done.lapsed else ""
    return f"{done.customers:,} customers scanned: {found}{lapsed}."


def merged(absorbed: Iterable[int], survivor: int, gone: int) -> str:
    """Say who is gone because they were merged, and which pairs with them."""
    numbers = " and ".join(map(format_customer_number, absorbed))
    others = f" {counted(gone, 'other pair')} of theirs gone with it." if gone else ""
    return f"Merged: {numbers} → {format_customer_number(survivor)}.{others} u takes it back."


def stopped_at(percent: int) -> str:
    """Say how far a scan came that was cancelled."""
    return f"Stopped at {percent} %. What was found is kept; n goes on there."


def judged(pair: "PairRow", judgement: str) -> str:
    """Say what was said of a pair."""
    what = {"dismiss": "are two people", "later": "put off", "reopen": "are open again"}[judgement]
    return f"{both(pair)} {what}." + (" u takes it back." if judgement != "reopen" else "")


def offers_for(pair: "PairRow") -> tuple[Offer, ...]:
    """Return what can be done with a pair, with the keys that do it at once."""
    opens = tuple(
        Offer(id=key, label=f"Open {named(side)}", note=key) for key, side in (("1", pair.a), ("2", pair.b))
    )
    if pair.state != "open":
        return (Offer(id="undo", label="Open the pair again", note="u"), *opens)
    return (
        Offer(id="merge", label="Merge", note="m", help="One person: everything goes to one of them."),
        Offer(id="dismiss_pair", label="Two people", note=".", help=ABOUT_DISMISS),
        Offer(id="later", label="Put off", note=",", help="The pair waits under “later”."),
        *opens,
    )


def group_offers(group: "Group", *, is_in_force: bool) -> tuple[Offer, ...]:
    """Return what can be done with customers who collide under a duplicate detection mode."""
    why_not = "" if len(group.customers) <= MOST_MERGED else "more than eight"
    not_yet = "" if is_in_force else "once the mode is in force"
    return (
        Offer(id="merge", label=f"Merge all {len(group.customers)}", note="m", why_not=why_not),
        Offer(id="queue", label="Show their pairs in the queue", why_not=not_yet),
        *(Offer(id=str(number), label=f"Open C-{number}") for number in group.customers[:MOST_MERGED]),
    )


def key_labels(pair: "PairRow | None", *, is_first: bool, is_last: bool) -> dict[str, str]:
    """Return what keys are called for the selected pair, by action; "" for one that does nothing here."""
    pages = {"newer": "" if is_first else "page back", "older": "" if is_last else "next page"}
    if pair is None:
        none = ("merge", "dismiss-pair", "later", "open-side", "choose", "all-exact", "fold", "copy")
        return {**pages, **dict.fromkeys(none, "")}
    if pair.state == "open":
        return pages
    judged = {"later": "", "all-exact": "", "new": "", "undo": "open again"}
    return {**pages, **judged, **({"dismiss-pair": ""} if pair.state == "dismissed" else {})}
