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
NOTHING_SELECTED: Final = "Select a row first: ↑ and ↓ move, tab goes to the next section."
NOBODY: Final = "Nobody matches."
NOBODY_NEXT: Final = "Type less or something else, or press tab, then n, to add a customer."
MORE_BELOW: Final = "There are more: go on with ↓, or type more to narrow the search."
LOADING: Final = "reading…"
RETRY: Final = "F5 tries again; nothing that was typed is lost."
NOT_SANDBOX: Final = "The mailbox belongs to the sandbox. Here mails leave by the mail server."
NOTHING_TO_EDIT: Final = "Nothing can be done to this row. esc goes back."
REACTIVATE: Final = ": reactivate lifts it"
TAKEOVER: Final = "⚠ POSSIBLE TAKEOVER: only the leads' queue may go on"
COMMAND_PLACEHOLDER: Final = "what do you want to do?"
OPEN_FIRST: Final = "open a customer first"
NOTHING_TO_ADD: Final = "No operation adds something here. esc goes back."
NO_COMMAND: Final = "No command has that in its name. Type less, or press esc."
TOO_SMALL: Final = "The window is too small. Make it at least 60 columns by 16 lines."
QUIT_HINT: Final = "ctrl+q ends the session."
NOT_UTF8: Final = (
    "Your terminal sent letters that are not UTF-8; they were left out. Set its encoding to UTF-8."
)
UNRECORDED: Final = "The audit log could not be written, so this is closed."
HELP_PLACEHOLDER: Final = "search keys, words and procedures; ↑ ↓ scroll"
HELP_COMMAND: Final = "On the command line"
HELP_COMMAND_TEXT: Final = (
    "The same without this screen, for scripts and screen readers; --dry-run shows it first."
)
NO_HELP: Final = "Nothing in the help has that. Type less, or press esc."
RECENT: Final = "Recent customers"
NO_RECENT: Final = "No customer was opened in this session yet. esc, then type to find one."
NOTHING_AHEAD: Final = "There is no way forward: nothing was left by going back."
FURTHER: Final = "looking further…"
MOST_ROWS: Final = "200 rows are shown. Type more to narrow the search."
NOBODY_YET: Final = "Nobody matches at once. Looking further…"
NO_CHANGE_HERE: Final = "Nothing was changed from here yet. g, History, finds older changes."
NO_CHANGE_TO_UNDO: Final = "There is no change here that an opposite operation takes back."
THEME: Final = "Theme"
READ_ONLY: Final = "READ-ONLY"
LOCKED: Final = "■ Locked"
LOCKED_ASKS: Final = "Press ⏎ to continue; other keys do nothing here."
UNLOCKING: Final = "writing it down…"
SESSION_OVER: Final = "This session has lasted 8 hours, so it was ended. Start Latchkey again to go on."
SESSION_ENDS: Final = "This session ends in 10 minutes, after 8 hours. Save your work, then start again."
NO_CUSTOMER_IN_EVENT: Final = "This event is about no customer."
NO_ROW: Final = "There is nothing to show. F5 reads again, esc goes back."
NO_EVENT: Final = "No event fits these filters. f changes them, F5 reads again."
EXPORT: Final = "Export events to a file"
CANCEL_WORK: Final = "esc Cancel"
CANCELLING: Final = "cancelling…"
EXPORT_BUSY: Final = "An export is being written. esc cancels it."
EXPORT_LEFT: Final = "The export was cancelled when its screen was left. No file was written."
NO_GROUP: Final = "No two live customers share a value under this mode. ← and → try another one on."
TRY_BEFORE: Final = "A mode is put in force once it is counted what it would collide with."
TRY_CANCELLED: Final = "Not counted: it was cancelled. F5 counts again; ← and → choose another mode."
FILE_ENDING: Final = "End the name with .csv for a spreadsheet, or .jsonl for JSON lines."
GO: Final = "Go to"
OPERATORS: Final = "Operators"
SETTINGS: Final = "Settings and limits"
DEDUP: Final = "Duplicate detection"
ROLES: Final = "Role table"
TEMPLATES: Final = "Mail templates"
OUTBOX: Final = "Outbox"
EDITED: Final = "✎ edited"
TRY_FIRST: Final = "⏎ tries a mode on before it is in force."
OPEN_FIRST_OF: Final = "⏎ lists what can be done; m merges them; o opens the first."
EDIT_ROW: Final = "⏎ edits the row. Reading, the audit log and who may edit this table stay as shipped."
TEMPLATES_ABOUT: Final = (
    "All values here are made up. Sender, signature, support address and link host are settings;"
    " the wording comes with the program."
)
PREFERENCES_LOST: Final = "For this session only: your preference file cannot be written."
NO_ATTEMPT: Final = "Not tried yet: the outbox takes it in seconds, or when the server is back. F5 looks."
NOTHING_TO_COPY: Final = "Nothing to copy on this row."

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
    "deferred": "…",
    "applied": "✓",
    "refused": "✗",
    "seen": "·",
}
GOOD: Final = frozenset({"active", "verified", "sent"})
WARNING: Final = frozenset(
    {"deferred", "suspended", "unverified", "reset-required", "locked", "inactive", "placeholder"}
)
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
    "duplicates": "Possible duplicates",
    "messages": "Messages",
    "interactions": "Interactions",
    "history": "History",
}
SECTION_NUMBERS: Final = {
    "person": "1",
    "email": "2",
    "phone": "3",
    "sign-in": "4",
    "passes": "5",
    "contracts": "6",
    "authorised": "7",
    "notes": "8",
    "messages": "9",
    "history": "0",
}
"""The key that goes to a section; the interactions, where there are any, are reached by the arrows."""
SECTION_KEYS: Final = {
    "email": "e edit  a add",
    "phone": "e edit  a add",
    "sign-in": "r reset",
    "notes": "n note",
    "duplicates": "⏎ open  m merge",
    "history": "h all",
}
EMPTY_SECTIONS: Final = {
    "email": "No email on file, so no link can be sent. a adds one.",
    "phone": "No phone on file, so no call back. a adds one.",
    "sign-in": "No sign-in yet, so there is no way in. r creates one.",
    "passes": "No pass on file: the desk issues them. n writes a note.",
    "contracts": "No contract on file. a adds one.",
    "authorised": "Nobody may speak for this customer. a adds a person.",
    "messages": "Nothing was sent yet. r sends a reset or activation.",
    "notes": "No note yet. n writes one.",
    "history": "No event before this visit. h shows all.",
}
"""A sentence with why, and a last one with the key that is next."""
CREATE_SIGN_IN: Final = "create sign-in"

MESSAGE_KINDS: Final = {
    "reset": "reset link",
    "activation": "activation link",
    "confirm": "confirmation link",
    "notice-old": "notice, old address",
    "notice-new": "notice, new address",
    "notice-security": "security notice",
}


def ask_instead(sentence: str, who: str) -> str:
    """Put who may do it in the place of the key in the last sentence; nobody in a read-only session."""
    why = sentence.rpartition(". ")[0]
    return f"{why}. Ask {who}." if who else f"{why}. This session only reads."


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


def locked_after(minutes: int) -> str:
    """Say why the screen is locked, and that nothing is lost."""
    span = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"{span[:1].upper()}{span[1:]} without a key. What you were doing waits underneath, as it was."


def export_about(filters: str) -> str:
    """Say what an export writes and that it is recorded."""
    return (
        f"The file gets all events that fit: {safe(filters)}.\n"
        "The file is yours alone (0600), and the export is an event with its number of rows."
    )


def exported(rows: int, path: str) -> str:
    """Say that a file was written."""
    return f"{rows} {'event' if rows == 1 else 'events'} written to {safe(path)}"


def nobody(query: str) -> str:
    """Say what was searched for in vain."""
    return f"Nobody matches “{safe(query, limit=60)}”."


def looks_only(label: str) -> str:
    """Say why nothing can be changed in this session."""
    return f"{label}: this session is read-only. Start Latchkey without --read-only to make changes."


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


def undone(label: str) -> str:
    """Offer the way back after a change."""
    return f"{label} u undoes it."
