"""Adding a customer: the usual form, with those beside it who may be the same person already."""

from contextlib import suppress
from datetime import date
from functools import partial

from textual.widget import Widget

from db.duplicates.candidates import Draft
from tui.messages import CustomerRequested
from tui.queueing import Queueing
from tui.screens.operation import WAITS, OperationScreen
from tui.widgets.lookalikes import Lookalikes

LISTED = {"email": "emails", "phone": "phones"}
PLAIN = ("given_name", "family_name", "street", "city", "postcode")


class AddCustomerScreen(OperationScreen):
    """ctrl+l goes to those who may be the same person, where there are any; o opens the selected one."""

    def on_mount(self) -> None:
        """They stand above what would change: who is there already is more urgent."""
        self._lookalikes = Lookalikes(id="lookalikes")
        self._came_from: Widget | None = None
        self.query_one("#right").mount(self._lookalikes, before=0)

    async def _load(self) -> None:
        await super()._load()
        if self._form is not None and self._form.values:
            self._look()

    def on_form_edited(self) -> None:
        """Look again: somebody else is meant now."""
        self._look()

    def _look(self) -> None:
        self._lookalikes.soon(partial(Queueing(self.bridge).candidates, draft_of(self._values)))

    def action_lookalikes(self) -> None:
        """Go to them, and back into the form."""
        if self._lookalikes.has_focus:
            self._return()
        elif self._lookalikes.can_focus:
            self._came_from = self.focused
            self._lookalikes.focus()

    def _return(self) -> None:
        if self._came_from is not None:
            self._came_from.focus()
        elif self._form is not None:
            self._form.focus_first()

    def on_customer_requested(self, _event: CustomerRequested) -> None:
        """What was typed waits under the customer."""
        self._name_it(WAITS)

    def action_back(self) -> None:
        """Out of the list into the form; else as in every form."""
        if self._lookalikes.has_focus:
            self._return()
        else:
            super().action_back()


def draft_of(values: dict[str, object]) -> Draft:
    """Return what a form holds so far as somebody to look for; what cannot be read is left out."""
    found: dict[str, object] = {name: str(values.get(name) or "") for name in PLAIN}
    for name, many in LISTED.items():
        if values.get(name):
            found[many] = (str(values[name]),)
    with suppress(ValueError):
        found["birth_date"] = date.fromisoformat(str(values.get("birth_date") or "").strip())
    return Draft(**found)  # type: ignore[arg-type]  # the fields have these names
