"""What a list may show of the selected customer, beside the results of a wide window.

Nothing that is not in the row itself: a customer's addresses are seen by opening, which is recorded (R2).
"""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui import catalogue
from tui.text import safe

if TYPE_CHECKING:
    from datetime import datetime

    from db.search import Hit


class Preview(Static):
    """The row, with room: nothing cut, one fact a line."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, hit: "Hit | None") -> None:
        """Show a hit, or nothing."""
        now: datetime = self.app.now()  # type: ignore[attr-defined]  # every app here has a clock
        self.update(Content("") if hit is None else preview(hit, now))


def preview(hit: "Hit", now: "datetime") -> Content:
    """Return the lines of a preview."""
    facts = [
        ("status", f"{catalogue.glyph(hit.status)} {hit.status}"),
        ("merged", f"into C-{hit.merged_into}" if hit.merged_into else ""),
        ("lives in", catalogue.place(hit.city, hit.state)),
        ("sign-in", catalogue.ago(hit.last_sign_in_at, now)),
        *(("" if place else "found by", why) for place, why in enumerate(hit.why)),
        *(
            ("" if place else "note", word)
            for place, word in enumerate(found for found in hit.state_words if found != hit.status)
        ),
    ]
    lines = [
        Content.styled(safe(hit.name), "bold"),
        Content.styled(safe(hit.number), "$text-muted"),
        Content(""),
    ]
    for label, value in facts:
        if value:
            style = catalogue.tone(hit.status) if label == "status" else ""
            lines.append(Content.assemble((f"{label:<10}", "$text-muted"), (safe(value), style)))
    lines += [Content(""), Content.assemble(("⏎ ", "bold $accent"), ("opens the customer", "$text-muted"))]
    return Content("\n").join(lines)
