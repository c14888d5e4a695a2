"""What home says while nothing is searched for, and where nothing is found."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content

from db.rules.wording import counted
from tui import catalogue
from tui.actions import Place, at
from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from db.queries.desk import Desk
    from db.search import SearchPage
    from tui.trail import Visit

TITLE: Final = "Find a customer"
HINTS: Final = (
    ("joan anderson", "names in any order, with or without accents"),
    ("janderson@", "an email from its start, or after a separator"),
    ("555 0142", "a phone in any format, or its last four digits"),
    ("C-1042", "a customer number, a pass id or a username"),
    ("", ""),
    ("narrow with", "email:  phone:  pass:  user:  name:  id:  city:  status:"),
)
KEYS_TITLE: Final = "In the results"
RECENT: Final = "Recent customers · ctrl+r"
NO_RECENT: Final = "Nobody was open in this session yet. Type to find a customer."
DESK: Final = "Open now"
DESK_EMPTY: Final = "No interaction is open, and no mail waits. tab, then i, starts one."
MOST_ROWS: Final = 200
"""Rows that are shown at most; whoever needs more types more."""
KEYS: Final = ("open", "diagnose", "new", "interaction", "playbook", "history", "go", "palette")
"""What a beginner tries in the results."""


def hints() -> Content:
    """Return what can be typed."""
    return Content("\n").join(_block(TITLE, HINTS))


def keys() -> Content:
    """Return what the keys of the results do."""
    known = {action.id: action for action in at(Place.RESULTS)}
    rows = [(known[name].key, _short(known[name].help)) for name in KEYS]
    return Content("\n").join(_block(KEYS_TITLE, rows))


def _short(help_text: str) -> str:
    """Return what a key does, without what else there is to say of it."""
    return re.split("[,;:.]", help_text, maxsplit=1)[0]


def _block(title: str, rows: "Sequence[tuple[str, str]]") -> "Iterator[Content]":
    yield Content.styled(title, "bold")
    width = max(len(first) for first, _ in rows) + 2
    for first, meaning in rows:
        yield Content.assemble((f"{first:<{width}}", ""), (meaning, "$text-muted"))


def desk(found: "Desk", now: datetime) -> Content:
    """Return what is open and what waits; nothing of either is said as well."""
    from tui import procedure_words as words

    lines = []
    for row in found.interactions:
        about = f"about C-{row.customer_id}" if row.customer_id else "about nobody yet"
        lines.append(f"● {words.named(row.channel, row.id)} · {words.span(row.opened_at, now)} · {about}")
        walks = (walk for walk in found.walks if walk.interaction_id == row.id)
        lines += [f"  └ {safe(walk.title)}: {words.how_far(walk)}" for walk in walks]
    if found.waiting:
        since = "" if found.oldest is None else f", the oldest since {catalogue.when(found.oldest, now)}"
        mails = "1 mail waits" if found.waiting == 1 else f"{found.waiting:,} mails wait"
        lines.append(f"… {mails} in the outbox{since}")
    if found.pairs:
        many = "1,000 pairs or more" if found.pairs >= 1_000 else f"{counted(found.pairs, 'pair')}"
        lines.append(f"≈ {many} may be one person · tab, then g, leads to the duplicates")
    return _titled(DESK, lines or [DESK_EMPTY], is_quiet=not lines)


def recent(visits: "Sequence[Visit]", *, most: int) -> Content:
    """Return the customers who were open, newest first."""
    width = max((len(visit.number) for visit in visits[:most]), default=0) + 2
    lines = [f"{visit.number:<{width}}{safe(visit.name)}" for visit in visits[:most]]
    return _titled(RECENT, lines or [NO_RECENT], is_quiet=not lines)


def _titled(title: str, lines: "Iterable[str]", *, is_quiet: bool) -> Content:
    style = "$text-muted" if is_quiet else ""
    return Content("\n").join(
        [Content.styled(title, "bold"), *(Content.styled(line, style) for line in lines)]
    )


def nobody(query: str, notice: str | None) -> Content:
    """Return what is said where nobody matches, and what is next."""
    lines = [Content.styled(catalogue.nobody(query), "bold"), Content("")]
    lines += [Content(sentence) for sentence in (notice, catalogue.NOBODY_NEXT) if sentence]
    return Content("\n").join(lines)


def note(page: "SearchPage") -> str:
    """Return the last line of the list: what was not understood, or that there is more."""
    if page.notice:
        return page.notice
    if page.deeper:
        return catalogue.FURTHER
    if not page.more:
        return ""
    return catalogue.MOST_ROWS if len(page.hits) >= MOST_ROWS else catalogue.MORE_BELOW
