"""Shows what a form would do while it is being filled in: each change is tried and rolled back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.message import Message

from db.errors import Invalid, LatchkeyError, Stale
from tui.delay import Delay
from tui.tied import tied
from tui.widgets import answers
from tui.widgets.diff import Diff, Tone, change_lines, outcome_lines, warning_lines
from tui.widgets.form import Form

if TYPE_CHECKING:
    from db.applied import Applied

DELAY: Final = 0.3
"""Seconds that the fingers must rest before the change is tried."""


class Rehearsal(Diff):
    """A difference that keeps itself up to date; an answer that comes late is dropped."""

    @dataclass
    class Outdated(Message):
        """Somebody changed the record since the form was opened."""

        error: Stale

    def __init__(self, ask: "Callable[[], Awaitable[Applied]]", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ask = ask
        self._form: Form | None = None
        self._timer: Delay | None = None
        self._asked = 0
        self.is_settled = False

    def follow(self, form: Form) -> None:
        """Rehearse this form from now on."""
        self._form = form
        self.soon()

    def soon(self) -> None:
        """Try it once the fingers rest; what was asked before is void."""
        self.stop()
        self.is_settled = False
        self._timer = Delay(self, DELAY, self._start)

    def stop(self) -> None:
        """Drop what is on its way: the form is being saved."""
        self._asked += 1
        self.is_settled = True
        if self._timer is not None:
            self._timer.stop()

    def _start(self) -> None:
        if self._form is not None:
            self.run_worker(tied(self, self._try(self._form, self._asked)), group="rehearsal", exclusive=True)

    async def _try(self, form: Form, number: int) -> None:
        missing = form.missing(with_reason=False)
        if missing:
            names = ", ".join(each.info.title for each in form if each in missing or each.is_left_out)
            self.say(f"Nothing yet. Still to fill in: {names}.")
            self.is_settled = True
            return
        try:
            applied = await self._ask()
        except LatchkeyError as error:
            if number == self._asked:
                self._would_fail(form, error)
                self.is_settled = True
            return
        if number == self._asked:
            form.clear_problems()
            self._would_do(applied)
            self.is_settled = True

    def _would_do(self, applied: "Applied") -> None:
        changes = change_lines(applied.changes, with_messages=not applied.outcomes)
        self.show((*changes, *outcome_lines(applied.outcomes), *warning_lines(applied.warnings)))

    def _would_fail(self, form: Form, error: LatchkeyError) -> None:
        form.clear_problems()
        field = form.find(error.field)
        sentence = answers.beforehand(error)
        if isinstance(error, Stale):
            self.say("Somebody changed this meanwhile.")
            self.post_message(self.Outdated(error))
        elif error.code == "no-change":
            self.say("That is how it is already: nothing would change.")
        elif field is not None and (field.is_edited or field.value):
            field.show_problem(sentence)
            self.say(f"Nothing can change until this is put right: {field.info.title}.")
        else:
            tone = Tone.WARNING if isinstance(error, Invalid) else answers.tone(error)
            self.say(answers.with_glyph(sentence, tone), tone=tone)
