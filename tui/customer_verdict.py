"""What is found out about an open customer: whether they can sign in, and a typing error in an address."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.content import Content

from db.rules.cases import Case
from tui.customer_merging import merge_parts
from tui.customer_work import who
from tui.insight_words import is_good
from tui.section_rows import Row, SectionRows

if TYPE_CHECKING:
    from datetime import datetime

    from db.rules.cases import Cause
    from tui.insight import Opened, Typo
    from tui.operation_info import OperationInfo

GAP: Final = 3
PADDING: Final = 7
"""Columns of the sheet that are not its text."""


def verdict(case: "Case", cause: "Cause") -> Content:
    """Return the verdict as the line below the header tells it; here a customer was found, whatever it is."""
    if is_good(case):
        return Content.styled("✓ can sign in", "bold $text-success")
    return Content.assemble(
        ("✗ CANNOT SIGN IN", "bold $text-error"),
        f" {cause.value if case is Case.NO_MATCH else case.value}",
        (" · d why", "$text-muted"),
    )


def head_line(
    opened: "Opened", now: "datetime", width: int, *, undo: "OperationInfo | None" = None
) -> Content:
    """Return who it is and whether they can sign in, for a window of that width.

    `undo` is the operation that takes a merge back, which is pointed to where it may be done.
    """
    parts = who(opened.view, verdict(opened.case, opened.cause), now)
    return packed((*parts, *merge_parts(opened, now, undo)), max(width - PADDING, 1))


def packed(parts: Iterable[Content], width: int) -> Content:
    """Put parts beside each other, and those that do not fit into the next line."""
    lines: list[list[Content]] = [[]]
    room = width
    for part in parts:
        needed = part.cell_length + (GAP if lines[-1] else 0)
        if needed > room and lines[-1]:
            lines.append([])
            room, needed = width, part.cell_length
        lines[-1].append(part)
        room -= needed
    return Content("\n").join(Content(" " * GAP).join(line) for line in lines)


def with_typos(shown: Sequence[SectionRows], typos: "Sequence[Typo]") -> tuple[SectionRows, ...]:
    """Put each proposed correction below the address that it is of; editing it starts with the correction."""
    return tuple(_corrected(part, typos) if typos and part.key == "email" else part for part in shown)


def _corrected(emails: SectionRows, typos: "Sequence[Typo]") -> SectionRows:
    rows: list[Row] = []
    for row in emails.rows:
        rows.append(row)
        rows += [_proposal(typo) for typo in typos if row.key == str(typo.profile_id)]
    return replace(emails, rows=tuple(rows))


def _proposal(typo: "Typo") -> Row:
    is_held = bool(typo.held_by)
    note = (f"✗ held by {typo.held_by}", "$text-error") if is_held else ("✎ typing error?", "$text-warning")
    return Row(
        f"typo-{typo.profile_id}-{typo.rule}",
        (
            (f"→ {typo.after}", "$text-success"),
            note,
            (f"rule {typo.rule}", "$text-muted"),
        ),
        typo.after,
        {"email_profile": typo.profile_id} | ({} if is_held else {"email": typo.after}),
    )
