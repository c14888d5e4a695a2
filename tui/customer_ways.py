"""The keys of a customer's screen that lead to other screens."""

from tui.customer_candidates import CandidateWays


class CustomerWays(CandidateWays):
    """The part of the screen that opens others about its customer."""

    def action_diagnose(self) -> None:
        """Say why this customer cannot sign in."""
        self.console.diagnose(customer_id=self.customer_id)

    def action_interaction(self) -> None:
        """Start an interaction about this customer, or show the open ones."""
        self.console.open_interaction(self.view)

    def action_playbook(self) -> None:
        """Choose a playbook to walk with this customer."""
        self.console.open_playbooks(self.view)

    def action_palette(self) -> None:
        """Find an operation by name."""
        self.console.open_palette(self.view)

    def action_history(self) -> None:
        """Show the audit log of this customer."""
        self.console.open_history(self.view)
