"""Names the customers above their columns: number, who survives, name, status and place."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from db.rules.wording import counted
from tui import catalogue
from tui.widgets.merge_choices import LABEL, MARK, Columns, laid_out
from tui.widgets.results import column

if TYPE_CHECKING:
    from datetime import datetime

    from db.diagnosis.evidence import AccountEvidence
    from tui.merge_plan import Plan


class Sides(Widget):
    """Two lines; where not everybody fits they say who is shown."""

    DEFAULT_CSS = "Sides { height: 3; padding: 0 0 0 1; }"

    def __init__(self) -> None:
        super().__init__(id="sides")
        self._plan: Plan | None = None
        self._columns = laid_out(76, 2, 1)

    def show(self, plan: "Plan | None", columns: Columns | None = None) -> None:
        """Name these."""
        self._plan = plan
        self._columns = columns or self._columns
        self.refresh()

    def render(self) -> Content:
        """Who, and below them what is known of them at a glance."""
        if self._plan is None:
            return Content("")
        now = self.app.now()  # type: ignore[attr-defined]  # every app here has a clock
        accounts, columns = self._plan.start.proposal.accounts, self._columns
        shown = [(place, accounts[place]) for place in columns.places if place < len(accounts)]
        lines = (
            [_number(place, account) for place, account in shown],
            [Content.styled(column(account.name, columns.width), "bold") for _, account in shown],
            [_glance(account, now, columns.width) for _, account in shown],
        )
        begins = ("", "", "") if columns.is_whole else ("", _which(columns), "← → turn")
        result = Content.styled("result", "$text-muted") if columns.result else Content("")
        ends = (result, Content(""), Content(""))
        return Content("\n").join(
            Content.assemble(
                " " * MARK,
                (column(begin, LABEL), "$text-warning"),
                *(cell.pad_right(max(columns.width - cell.cell_length, 0)) for cell in cells),
                end,
            )
            for begin, cells, end in zip(begins, lines, ends, strict=True)
        )


def _number(place: int, account: "AccountEvidence") -> Content:
    survives = (" survives", "$text-success") if place == 0 else ("", "")
    return Content.assemble((f"{place + 1} ", "bold $accent"), (account.number, "bold"), survives)


def _glance(account: "AccountEvidence", now: "datetime", width: int) -> Content:
    """What tells customers apart; a wide column has room for how much they use it."""
    told = f"{catalogue.glyph(account.status)} {account.status} {account.city}".rstrip()
    for more in (
        catalogue.ago(account.last_sign_in_at, now),
        counted(len(account.passes), "pass", "passes") if account.passes else "",
        counted(account.contracts, "contract") if account.contracts else "",
    ):
        longer = f"{told} · {more}"
        told = longer if more and cell_len(longer) < width else told
    return Content.styled(column(told, width), "$text-muted")


def _which(columns: Columns) -> str:
    last = columns.first + columns.shown - 1
    return f"‹{columns.first + 1}–{last}› of {columns.people}"
