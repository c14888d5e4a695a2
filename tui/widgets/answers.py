"""What the operation screen says when a change would not do, did not happen, or needs a second thought."""

from typing import TYPE_CHECKING, Final

from db.errors import Clash, Invalid, LatchkeyError, Unavailable
from tui.widgets.banner import GLYPHS, Answer
from tui.widgets.dialog import Dialog
from tui.widgets.diff import Tone

if TYPE_CHECKING:
    from db.queries.customer import CustomerView
    from tui.bridge import OperationInfo
    from tui.subject import Subject

FOR_STALE: Final = (
    Answer("enter", "⏎", "go on from the newest, keep what I typed", "newest"),
    Answer("escape", "esc", "back to the form", "stay"),
)
_NOT_YET: Final = " Nothing was saved."


def for_clash(error: Clash, customer: "CustomerView | None") -> tuple[Answer, ...]:
    """Return the ways out of a clash (P4); two customers can be merged, one who is not there yet cannot."""
    merge = (Answer("m", "m", "merge the two", "merge"),) if customer is not None else ()
    return (
        Answer("o", "o", f"open C-{error.holder.customer_id}", "open"),
        *merge,
        Answer("e", "e", f"give another {error.field}", "another"),
        Answer("enter", "", "", "another"),
    )


def tone(error: LatchkeyError) -> Tone:
    """Return how grave an error is: a database that is away is not the operator's mistake."""
    return Tone.WARNING if isinstance(error, Unavailable) else Tone.DANGER


def with_glyph(sentence: str, how: Tone) -> str:
    """Put the glyph of a tone in front, so that colour is never alone."""
    return f"{GLYPHS[how]} {sentence}"


def beforehand(error: LatchkeyError) -> str:
    """Return the sentence of a preview, in which nobody expected anything to be saved."""
    return error.sentence.removesuffix(_NOT_YET)


def after_failure(error: LatchkeyError) -> str:
    """Return the sentence of a save that failed, with what became of the typed work."""
    if isinstance(error, Unavailable):
        return f"{error.sentence} What you typed is still here; ctrl+s tries again."
    if isinstance(error, Invalid) or "saved" in error.sentence:
        return error.sentence
    return f"{error.sentence} Nothing was saved."


def question(
    info: "OperationInfo", customer: "CustomerView | None", about: "Subject | None" = None
) -> Dialog | None:
    """Return what has to be asked before it is saved; None for what is safe."""
    name = customer.name if customer else about.label if about else info.label
    whom = f" {customer.number} {name}" if customer else f" {name}" if about else ""
    if info.danger == "destructive":
        return Dialog(
            f"{info.label}?", f"{info.help}\n\nThis is done to{whom}." if whom else info.help, yes="Do it"
        )
    if info.danger == "irreversible":
        return Dialog(
            f"{info.label}? This cannot be undone.",
            f"{info.help}\n\nThis is done to{whom}.",
            yes="Do it",
            must_type=name,
        )
    return None
