"""Why somebody cannot sign in: the verdict, what it rests on, and the fixes, judged again after each."""

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from db.diagnosis import Fix, Nearest
from db.rules.roles import Standing
from tui import catalogue, clipboard
from tui import insight_words as words
from tui.actions import Place, bindings
from tui.delivery_watch import DeliveryWatch
from tui.insight import Insight
from tui.key_order import reading
from tui.screens.base import ConsoleScreen
from tui.text import safe
from tui.undo import has_opposite, is_offered
from tui.widgets.evidence import Evidence
from tui.widgets.fixes import Fixes
from tui.widgets.header import Header
from tui.widgets.heading import Heading

if TYPE_CHECKING:
    from db.applied import Applied
    from db.diagnosis import Diagnosis, Question
    from tui.trail import Again

WIDE = 110


class DiagnosisScreen(ConsoleScreen[None]):
    """The verdict above, the evidence below or beside, the fixes where the keys go."""

    place: ClassVar[Place] = Place.DIAGNOSIS
    BINDINGS = bindings(Place.DIAGNOSIS)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    AUTO_FOCUS = None

    def __init__(self, question: "Question") -> None:
        super().__init__()
        self._question = question
        self.found: Diagnosis | None = None
        self._before: str | None = None
        self._said = ""
        self._undoable: int | None = None
        self._recorded: set[int] = set()
        self._watch = DeliveryWatch(self, self._read)
        self._verdict = Static("", id="verdict", markup=False)
        self._basis = Heading(words.EVIDENCE)
        self._evidence = Evidence(id="evidence-lines")
        self._heading = Heading(words.FIXES)
        self._fixes = Fixes()
        self._none = Static("", id="no-fix", markup=False)

    @property
    def again(self) -> "Again | None":
        """The same question, answered anew."""
        return lambda: DiagnosisScreen(self._question)

    @property
    def command_line(self) -> str:
        """The same question in a shell."""
        return words.command_line(self._question)

    def subject(self) -> ComposeResult:
        """Verdict, evidence, fixes."""
        with VerticalScroll(id="verdicts", can_focus=False):
            yield self._verdict
        with Container(id="body"):
            with Container(id="basis"):
                yield self._basis
                with VerticalScroll(id="evidence"):
                    yield self._evidence
            with Container(id="to-do"):
                yield self._heading
                yield self._fixes
                yield self._none

    def on_mount(self) -> None:
        """Judge."""
        self.query_one(Header).crumbs = (words.DIAGNOSE, safe(self._question, limit=60))
        self._fixes.focus()
        self._read()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the part that the arrows scroll or walk through."""
        self._basis.set_class(event.widget is not self._fixes, "-entered")
        self._heading.set_class(event.widget is self._fixes, "-entered")

    def on_screen_resume(self) -> None:
        """What lay on top may have changed everything."""
        if self.found is not None:
            self._read()

    def on_screen_suspend(self) -> None:
        """Under another screen nothing needs to be fresh."""
        self._watch.stop()

    # ---- reading

    def _read(self) -> None:
        self.run_worker(self._load(), group=reading(self.found), exclusive=True)

    async def _load(self) -> None:
        with self.patience(self._announce):
            found = await self.ask(Insight(self.bridge).diagnosis(self._question))
        if found is None:
            return
        if found != self.found or self._said:
            self._show(found)
        self._watch.after(is_underway=any(each.is_something_awaited for each in found.accounts))

    def _announce(self) -> None:
        if self.found is None:
            self._verdict.update(catalogue.LOADING)

    def _show(self, found: "Diagnosis") -> None:
        self.found = found
        self._verdict.update(words.headline(found, self._before))
        self._show_evidence(found)
        remedies = words.remedies(found, is_read_only=self.console.is_read_only)
        self._fixes.show(remedies)
        self._fixes.display = bool(remedies)
        self._none.update("" if remedies else words.NOTHING_TO_DO)
        self._none.display = not remedies
        self._heading.title, self._heading.end = words.heading(found)
        if self.focused is None or not self.focused.display:
            (self._fixes if remedies else self.query_one("#evidence")).focus()
        self._tell(found)
        self._record(found)

    def _show_evidence(self, found: "Diagnosis") -> None:
        is_dense = self.size.width < WIDE
        self._evidence.show(words.evidence(found, self.console.now(), is_dense=is_dense))
        self._basis.end = words.taken_for(found)

    def on_resize(self) -> None:
        """A narrow window leaves out what is well."""
        if self.found is not None:
            self._show_evidence(self.found)

    def _tell(self, found: "Diagnosis") -> None:
        """After a fix: say what was done and how the verdict has changed."""
        turned = words.turned(self._before, found)
        if self._said:
            self.status.done(f"{self._said} {turned}".rstrip())
        elif turned and self._before != found.heading:
            self.status.tell(turned)
        self._said = ""

    def _record(self, found: "Diagnosis") -> None:
        """Reading what is on file about a customer is opening them (R2)."""
        for account in found.accounts:
            if account.customer_id not in self._recorded:
                self._recorded.add(account.customer_id)
                self.witness("open-customer", account.customer_id)

    async def withdraw(self) -> None:
        """Take everything away; F5 tries again."""
        self.found = None
        self._recorded.clear()
        self._evidence.show(())
        self._fixes.show(())
        self._verdict.update(Content(catalogue.UNRECORDED))

    # ---- what is selected

    @property
    def _choices(self) -> tuple[Fix | Nearest, ...]:
        return () if self.found is None else words.choices(self.found)

    @property
    def _choice(self) -> Fix | Nearest | None:
        place = self._fixes.highlighted
        return self._choices[place] if place is not None and place < len(self._choices) else None

    @property
    def _customer_id(self) -> int | None:
        """Whom the selected fix is about; else the best account, else the first."""
        choice, found = self._choice, self.found
        opens = choice.opens if isinstance(choice, Fix) else None
        about = opens or (choice.customer_id if choice else None)
        if about is None and found is not None and found.accounts:
            about = found.best.customer_id if found.best else found.accounts[0].customer_id
        return about

    # ---- keys

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter on a fix."""
        event.stop()
        self.action_choose()

    def action_fix(self, number: str) -> None:
        """Do the fix of that number."""
        place = int(number) - 1
        if place < len(self._choices):
            self._fixes.highlighted = place
            self.action_choose()

    def action_choose(self) -> None:
        """Do the selected fix; what this operator may not do says who may."""
        choice = self._choice
        self.status.clear()
        if choice is None:
            self.status.tell(words.NOTHING_TO_DO)
        elif isinstance(choice, Nearest):
            self._try(choice)
        elif choice.standing is not Standing.ALONE:
            self.status.fail(catalogue.may_not(choice.label, choice.who))
        elif choice.after and self.found is not None:
            self.status.tell(words.first_do(choice, self.found))
        else:
            self._before = None if self.found is None else self.found.heading
            if choice.operation is None:
                self.action_open_customer()
            else:
                self.run_worker(self._start(choice), group="start", exclusive=True)

    def _try(self, choice: Nearest) -> None:
        if choice.customer_id is not None:
            self.console.open_customer(choice.customer_id)
        elif choice.identifier is not None:
            self.console.diagnose(identifier=choice.identifier)
        else:
            self.action_search()

    async def _start(self, fix: Fix) -> None:
        customer = None
        if self.console.merges(fix, self.came_back):
            return
        if fix.customer_id is not None:
            customer = await self.ask(self.bridge.customer(fix.customer_id))
            if customer is None:
                return
        if self.is_current and fix.operation is not None:
            self.console.start(fix.operation, customer, dict(fix.values), then=self.came_back)

    def came_back(self, applied: "Applied | None") -> None:
        """After a fix: judge again, in place."""
        if applied is None:
            return
        self._watch.begin_anew()
        info = self.console.find_operation(applied.operation)
        self._said = catalogue.done(info.label if info else applied.operation, applied.outcomes)
        self._undoable = applied.event if has_opposite(applied.operation, applied.changes) else None
        if is_offered(applied, self.console.find_operation):
            self._said = catalogue.undone(self._said)
        self._read()

    def action_open_customer(self) -> None:
        """Open the account that the selected fix is about."""
        about = self._customer_id
        if about is None:
            self.status.tell(words.NO_ACCOUNT)
        else:
            self.console.open_customer(about)

    def action_portal(self) -> None:
        """Open the sign-in as the customer sees it, with what was typed there."""
        self.console.open_portal(identifier=self._question.identifier or "")

    @property
    def about_customer(self) -> int | None:
        """The customer who is diagnosed, where the question is about exactly one account."""
        accounts = () if self.found is None else self.found.accounts
        return accounts[0].customer_id if len(accounts) == 1 else None

    def action_undo(self) -> None:
        """Take back the fix that was made here last."""
        if self._undoable is None or self.found is None:
            self.status.tell(catalogue.NO_CHANGE_HERE)
        else:
            self._before = self.found.heading
            self.console.undo(self._undoable)

    def action_refresh(self) -> None:
        """Judge again."""
        self.status.clear()
        self.console.learn_rights()
        self._read()

    def action_copy(self) -> None:
        """Copy the verdict."""
        if self.found is None:
            self.status.tell(catalogue.NOTHING_TO_COPY)
            return
        said = clipboard.copy(self.app, words.as_text(self.found))
        self.status.tell(catalogue.copied(self.found.heading, said))
