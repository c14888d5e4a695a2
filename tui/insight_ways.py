"""The ways to the screens that find out: why somebody cannot sign in, whose a forwarded mail is."""

from typing import TYPE_CHECKING

from tui.office import OfficeWays

if TYPE_CHECKING:
    from db.diagnosis import Question
    from db.inspection import Inspection


class InsightWays(OfficeWays):
    """The console's part that opens them."""

    def ask_diagnosis(self) -> None:
        """Ask what a customer typed, or gave to claim an account."""
        from tui.screens.asking import AskDiagnosisScreen

        self._open(AskDiagnosisScreen())

    def diagnose(self, *, identifier: str | None = None, customer_id: int | None = None) -> None:
        """Say why nobody signs in with what was typed, or why a customer does not; with neither, ask."""
        from db.diagnosis import Question

        if customer_id is not None:
            self.open_diagnosis(Question(customer_id=customer_id))
        elif identifier:
            self.open_diagnosis(Question(identifier=identifier))
        else:
            self.ask_diagnosis()

    def open_diagnosis(self, question: "Question") -> None:
        """Answer a question about signing in."""
        from tui.screens.diagnosis import DiagnosisScreen

        self._open(DiagnosisScreen(question))

    def ask_for_mail(self) -> None:
        """Ask for a mail that a customer forwarded."""
        from tui.screens.asking import AskMailScreen

        self._open(AskMailScreen())

    def open_inspection(self, found: "Inspection") -> None:
        """Show what a mail is, and what became of it."""
        from tui.screens.inspection import InspectionScreen

        self._open(InspectionScreen(found))
