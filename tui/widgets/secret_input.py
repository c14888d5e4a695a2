"""An input for passwords: shown as dots, and nothing of it ever goes to a clipboard."""

from tui.widgets.guarded_input import GuardedInput


class SecretInput(GuardedInput):
    """As any guarded input, but what is in it can only be replaced or sent."""

    def __init__(self, *, maximum: int, id: str | None = None) -> None:
        super().__init__(maximum=maximum, id=id)
        self.password = True

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Remove what is selected, and copy nothing."""
        self.delete_selection()
