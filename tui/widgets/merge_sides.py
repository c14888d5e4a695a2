"""Names the customers above their columns: number, who survives, name, status and place."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tui import catalogue
from tui.widgets.merge_choices import LABEL, MARK, Columns, laid_out
from tui.widgets.results import column

if TYPE_CHECKING:
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
        accounts, columns = self._plan.start.proposal.accounts, self._columns
        shown = [(place, accounts[place]) for place in columns.places if place < len(accounts)]
        lines = (
            [_number(place, account) for place, account in shown],
            [Content.styled(column(account.name, columns.width), "bold") for _, account in shown],
            [Content.styled(column(_glance(account), columns.width), "$text-muted") for _, account in shown],
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


def _glance(account: "AccountEvidence") -> str:
    return f"{catalogue.glyph(account.status)} {account.status} {account.city}"


def _which(columns: Columns) -> str:
    last = columns.first + columns.shown - 1
    return f"‹{columns.first + 1}–{last}› of {columns.people}"
