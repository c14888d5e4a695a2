"""Who may be the same person as an open customer: found behind the screen, quiet where there is nobody."""

from typing import TYPE_CHECKING, Final

from db.errors import LatchkeyError
from db.rules.identifiers import format_customer_number
from tui import catalogue
from tui import duplicate_words as words
from tui.queueing import Queueing
from tui.section_rows import PLAIN, QUIET, Row, SectionRows
from tui.tied import tied
from tui.widgets.section import Section

if TYPE_CHECKING:
    from db.duplicates.candidates import Candidate
    from tui.bridge import Bridge
    from tui.queueing import Candidates

KEY: Final = "duplicates"


class CandidateSection(Section):
    """A section that fills itself; an answer that comes late is dropped."""

    def __init__(self, bridge: "Bridge", customer_id: int, *, is_folded: bool = False) -> None:
        super().__init__(SectionRows(KEY, (), ()), is_folded=is_folded)
        self._queueing = Queueing(bridge)
        self._customer_id = customer_id
        self._asked = 0

    def look(self, *, is_wanted: bool = True) -> None:
        """Look for them again; who was merged or erased is nobody's duplicate."""
        self._asked += 1
        if is_wanted:
            self.run_worker(tied(self, self._find(self._asked)), group="candidates")
        else:
            self.show(SectionRows(KEY, (), ()))

    async def _find(self, number: int) -> None:
        try:
            found = await self._queueing.candidates(self._customer_id)
        except LatchkeyError:
            return  # the banner says that the database is away; the customer is shown all the same
        if number == self._asked:
            self.show(candidate_rows(found))


def candidate_rows(found: "Candidates") -> SectionRows:
    """Return who may be the same person: the score, who, and why."""
    rows = tuple(
        Row(
            str(each.customer_id),
            (
                (words.bar(each.score.weight, found.threshold), PLAIN if each.is_likely else QUIET),
                (f"{format_customer_number(each.customer_id)} {each.name}", PLAIN),
                (f"{catalogue.glyph(each.status)} {each.status}", catalogue.tone(each.status)),
                (_why(each), QUIET),
            ),
            format_customer_number(each.customer_id),
        )
        for each in found.rows
    )
    return SectionRows(KEY, rows, ())


def _why(candidate: "Candidate") -> str:
    doubt = "" if candidate.is_likely else "doubtful"
    put_off = "put off" if candidate.judged == "later" else ""
    return " · ".join(filter(None, (put_off, doubt, words.reasons(candidate.score))))
