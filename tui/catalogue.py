"""All labels and sentences of the main path in one place; the functions put data into them."""

from datetime import datetime, timedelta
from typing import Final

from tui.text import safe

PRODUCT: Final = "Latchkey"
SEARCH: Final = "Search"
HELP: Final = "Help"
COMMANDS: Final = "Commands"
MENU_EDIT: Final = "Edit"
MENU_ADD: Final = "Add"

PLACEHOLDER: Final = "name, email, phone, username, pass or customer number"
SEARCHING: Final = "searching…"
HOME_TITLE: Final = "Find a customer"
HOME_HINTS: Final = (
    ("joan anderson", "names in any order, with or without accents"),
    ("janderson@", "an email from its start, or after a separator"),
    ("555 0142", "a phone in any format, or its last four digits"),
    ("C-1042", "a customer number, a pass id or a username"),
    ("", ""),
    ("narrow with", "email:  phone:  pass:  user:  name:  id:"),
)
NOTHING_SELECTED: Final = "Select a row first: ↑ and ↓ move, tab goes to the next section."
NOBODY: Final = "Nobody matches."
NOBODY_NEXT: Final = "Type less or something else, or press tab, then n, to add a customer."
NARROW: Final = "There are more. Type more to narrow the search."
LOADING: Final = "reading…"
RETRY: Final = "F5 tries again; nothing that was typed is lost."
NOT_SANDBOX: Final = "The mailbox belongs to the sandbox. Here mails leave by the mail server."
NOTHING_TO_EDIT: Final = "Nothing can be done to this row. esc goes back."
TAKEOVER: Final = "⚠ POSSIBLE TAKEOVER: only the leads' queue may go on"
COMMAND_PLACEHOLDER: Final = "what do you want to do?"
OPEN_FIRST: Final = "open a customer first"
NOTHING_TO_ADD: Final = "No operation adds something here."
NO_COMMAND: Final = "No command has that in its name. Type less, or press esc."
TOO_SMALL: Final = "The window is too small. Make it at least 60 columns by 16 lines."
QUIT_HINT: Final = "ctrl+q ends the session."
UNRECORDED: Final = "The audit log could not be written, so this is closed."
HELP_INTRO: Final = (
    "The same key means the same everywhere. In a box every printable key types;"
    " ↓ or tab leads out of it, where letters act."
)

FRESH: Final = timedelta(hours=24)

STATUS_GLYPHS: Final = {
    "active": "●",
    "inactive": "○",
    "suspended": "■",
    "merged": "→",
    "erased": "×",
    "verified": "✓",
    "unverified": "○",
    "bouncing": "✗",
    "placeholder": "○",
    "reset-required": "↻",
    "locked": "■",
    "disabled": "×",
    "expired": "×",
    "queued": "…",
    "sending": "…",
    "sent": "✓",
    "failed": "✗",
    "void": "–",
    "applied": "✓",
    "refused": "✗",
    "seen": "·",
}
GOOD: Final = frozenset({"active", "verified", "sent"})
WARNING: Final = frozenset({"suspended", "unverified", "reset-required", "locked", "inactive", "placeholder"})
BAD: Final = frozenset({"bouncing", "failed", "refused"})

SECTION_TITLES: Final = {
    "person": "Person",
    "email": "Email",
    "phone": "Phone",
    "sign-in": "Sign-in",
    "passes": "Passes",
    "contracts": "Contracts",
    "authorised": "May speak for them",
    "notes": "Notes",
    "messages": "Messages",
    "history": "History",
}
SECTION_KEYS: Final = {
    "email": "e edit  a add",
    "phone": "e edit  a add",
    "sign-in": "r reset",
    "notes": "n note",
    "history": "h all",
}
EMPTY_SECTIONS: Final = {
    "email": "No email on file, so no link can be sent. a adds one.",
    "phone": "No phone on file. a adds one.",
    "sign-in": "No sign-in yet, so the customer cannot get in. a creates one.",
    "passes": "No pass.",
    "contracts": "No contract. a adds one.",
    "authorised": "Nobody. a adds a person.",
    "messages": "Nothing was sent yet. r sends a reset or activation.",
    "notes": "No note yet. n writes one.",
    "history": "No event before this visit.",
}

MESSAGE_KINDS: Final = {
    "reset": "reset link",
    "activation": "activation link",
    "confirm": "confirmation link",
    "notice-old": "notice, old address",
    "notice-new": "notice, new address",
    "notice-security": "security notice",
}


def glyph(state: str) -> str:
    """Return the sign that goes with a state word, so that colour alone never carries it."""
    return STATUS_GLYPHS.get(state, "·")


def tone(state: str) -> str:
    """Return the style of a state word."""
    if state in GOOD:
        return "$text-success"
    if state in BAD:
        return "$text-error"
    return "$text-warning" if state in WARNING else "$text-muted"


def ago(moment: datetime | None, now: datetime) -> str:
    """Say how long ago the last sign-in was: "signed in 3 d ago"."""
    if moment is None:
        return "never signed in"
    passed = now - moment
    if passed < timedelta(minutes=2):
        return "signed in just now"
    if passed < timedelta(hours=1):
        return f"signed in {passed // timedelta(minutes=1)} min ago"
    if passed < FRESH:
        return f"signed in {passed // timedelta(hours=1)} h ago"
    days = passed.days
    if days < 60:
        return f"signed in {days} d ago"
    return f"signed in {days // 30} mo ago" if days < 730 else f"signed in {days // 365} y ago"


def when(moment: datetime | None, now: datetime) -> str:
    """Return a time as short as it may be: "today 14:02", "2026-03-02 14:02"; in the zone of `now`."""
    if moment is None:
        return "–"
    local = moment.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} {local:%H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def place(city: str, state: str) -> str:
    """Return where somebody lives, as far as it is known."""
    return " ".join(part for part in (city, state) if part) or "no address"


def counted(shown: int, total: int, *, is_more: bool) -> str:
    """Return an honest count: "1–50 of more than 200"."""
    if not shown:
        return "0 found"
    return f"1–{shown} of {f'more than {total - 1}' if is_more and total > shown else total}"


def since(created_at: datetime, now: datetime) -> str:
    """Say since when somebody is a customer."""
    return f"customer since {created_at.astimezone(now.tzinfo):%Y-%m-%d}"


def nobody(query: str) -> str:
    """Say what was searched for in vain."""
    return f"Nobody matches “{safe(query, limit=60)}”."


def may_not(label: str, who: str) -> str:
    """Say why an operation cannot be started, and who can."""
    return f"{label}: your role may not do this alone. Ask {who}."


def done(label: str, outcomes: tuple[str, ...]) -> str:
    """Say that a change was made and what follows from it."""
    then = "".join(f" {outcome[:1].upper()}{outcome[1:]}." for outcome in outcomes)
    return f"{label}: saved.{then}"


def copied(what: str, answer: str) -> str:
    """Say what went to the clipboard."""
    return f"{what}: {answer}"
