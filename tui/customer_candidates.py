"""What the keys of a customer's screen do to the rows of those who may be the same person."""

from db.rules.identifiers import format_customer_number
from tui import duplicate_words as words
from tui.customer_merging import MergedWays
from tui.queueing import JUDGE, Queueing
from tui.widgets.candidate_section import KEY, CandidateSection
from tui.widgets.section import Section

GONE = frozenset({"merged", "erased"})
"""Statuses of who can be nobody's duplicate any more."""


class CandidateWays(MergedWays):
    """The keys that judge the selected one of them."""

    @property
    def candidate(self) -> int | None:
        """The customer of the selected row, where that is one who may be the same person."""
        section = self.focused
        if not isinstance(section, Section) or section.shown.key != KEY or section.row is None:
            return None
        return int(section.row.key)

    def look_for_duplicates(self) -> None:
        """Find them anew."""
        for section in self.query(CandidateSection):
            section.look(is_wanted=self.view is not None and self.view.status not in GONE)

    def action_merge(self) -> None:
        """Merge with the selected one; else ask whom to merge this customer with."""
        other = self.candidate
        if other is None:
            super().action_merge()
        else:
            self.console.open_merge((self.customer_id, other))

    def action_dismiss_pair(self) -> None:
        """Ask why the two are two people, and keep it."""
        from tui.widgets.ask_reason import AskReason

        other = self.candidate
        if other is None:
            self.status.tell(words.SELECT_CANDIDATE)
            return
        if not self.console.may_merge(JUDGE):
            return
        both = f"{format_customer_number(self.customer_id)} and {format_customer_number(other)}"

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.run_worker(self._dismiss((self.customer_id, other), reason, both), group="judge")

        self.app.push_screen(AskReason(words.ASK_DISMISS, f"{both}. {words.ABOUT_DISMISS}"), answered)

    async def _dismiss(self, pair: tuple[int, int], reason: str, both: str) -> None:
        if await self.ask(Queueing(self.bridge).judge(pair, "dismiss", reason)) is not None:
            self.status.done(f"{both} are two people.")
            self.look_for_duplicates()
