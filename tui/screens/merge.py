"""Merging two to eight customers: what stands in the way, what differs, and the merge rolled back."""

from typing import TYPE_CHECKING, ClassVar, Final
from uuid import uuid4

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from db.errors import LatchkeyError, Stale
from tui import catalogue, clipboard
from tui import merge_words as words
from tui.actions import Place, bindings
from tui.delay import Delay
from tui.merge_choosing import Choosing
from tui.merge_concerns import concerns, why_lines
from tui.merge_plan import Plan
from tui.merging import MergeLook, MergeStart, Merging
from tui.widgets import answers
from tui.widgets.ask_reason import AskReason
from tui.widgets.banner import Banner
from tui.widgets.dialog import Dialog
from tui.widgets.diff import Diff, Tone, change_lines
from tui.widgets.header import Header
from tui.widgets.heading import Heading
from tui.widgets.merge_choices import MergeChoices
from tui.widgets.merge_sides import Sides

if TYPE_CHECKING:
    from tui.trail import Again

REST_SECONDS: Final = 0.12
OPERATION: Final = "merge-customers"


class MergeScreen(Choosing):
    """Dismissed with what was applied, or None. Choices are kept whatever is read anew."""

    place: ClassVar[Place] = Place.MERGE
    crumbs: ClassVar[tuple[str, ...]] = (words.MERGE,)
    BINDINGS = bindings(Place.MERGE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    AUTO_FOCUS = None

    def __init__(self, ids: tuple[int, ...], survivor: int | None = None) -> None:
        super().__init__()
        self.ids = ids
        self.plan: Plan | None = None
        self.look: MergeLook | None = None
        self.is_settled = False
        self._survivor = survivor
        self._reason = ""
        self._asked = 0
        self._rest: Delay | None = None
        self.is_saving = False
        self._recorded: set[int] = set()
        self._request_id = uuid4().hex  # one for all tries of the same wish
        self._summary = Static("", id="summary", markup=False)
        self._banner = Banner(id="banner")
        self._sides = Sides()
        self.choices = MergeChoices()
        self._after = Diff(id="after")
        self._why = Diff(id="why")

    @property
    def again(self) -> "Again | None":
        """The same customers; what was chosen is not kept for the way forward."""
        return lambda: MergeScreen(self.ids, self._survivor)

    @property
    def command_line(self) -> str:
        """The same merge in a shell."""
        if self.plan is None:
            return "latchkey do merge-customers --help"
        values = self.plan.values
        return (
            f"latchkey do merge-customers --customer {values['customer']} --absorbed '{values['absorbed']}'"
        )

    def subject(self) -> ComposeResult:
        """Who, then the choices, then what would follow and why."""
        yield self._summary
        yield self._banner
        yield self._sides
        yield self.choices
        with Container(id="below"):
            with Container(id="to-come"):
                yield Heading(words.AFTER, end=words.AFTER_END)
                with VerticalScroll(id="after-paper"):
                    yield self._after
            with Container(id="reasons"):
                yield Heading(words.WHY)
                with VerticalScroll(id="why-paper"):
                    yield self._why

    def on_mount(self) -> None:
        """Read the proposal."""
        self._after.say(catalogue.LOADING)
        self.choices.focus()
        self.reload()

    # ---- reading

    def reload(self) -> None:
        """Read the proposal anew; the choices stay."""
        self._stop()
        self.run_worker(self._load(), group="read", exclusive=True)

    async def _load(self) -> None:
        start = await self.ask(Merging(self.bridge).start(self.ids, self._survivor))
        if start is None:
            self._after.say("" if self.plan else words.NOT_READ, tone=Tone.WARNING)
            self.is_settled = True
            return
        self._begin(start)

    def _begin(self, start: MergeStart) -> None:
        is_first = self.plan is None
        self.plan = Plan(start) if self.plan is None else self.plan.over(start)
        self.look = None
        self._survivor = start.proposal.survivor
        numbers = [account.number for account in start.proposal.accounts]
        whom = f"{len(numbers)} customers" if len(numbers) > words.FEWEST else " and ".join(numbers)
        self.query_one(Header).crumbs = (f"{words.MERGE} {whom}",)
        self._why.show(why_lines(start, {each.customer_id: each.name for each in start.proposal.accounts}))
        self.changed()
        if is_first:
            self._go_where_it_waits()
        for account in start.proposal.accounts:
            if account.customer_id not in self._recorded:
                self._recorded.add(account.customer_id)
                self.witness("open-customer", account.customer_id)

    def _go_where_it_waits(self) -> None:
        """Select what stands in the way, or else the first choice."""
        stopping = any(each.tone is Tone.DANGER for each in self.choices.concerns)
        self.choices.highlighted = (
            0 if stopping else min(len(self.choices.concerns), max(self.choices.option_count - 1, 0))
        )

    async def withdraw(self) -> None:
        """Take everything away; F5 tries again."""
        self._stop()
        self.plan = self.look = None
        self._recorded.clear()
        self._sides.show(None)
        self.choices.show((), (), 2)
        self._why.show(())
        self._after.show(())
        self._summary.update(Content(catalogue.UNRECORDED))

    def survive_among(self, ids: tuple[int, ...]) -> None:
        """Whoever survived does so still, if they are among them."""
        self._survivor = self._survivor if self._survivor in ids else None

    # ---- trying

    def changed(self) -> None:
        """Something else is chosen now: draw it, and try the merge anew once the fingers rest."""
        self._request_id = uuid4().hex
        self._stop()
        self._draw()
        if self.plan is not None:
            self._rest = Delay(self, REST_SECONDS, self._try)

    def _stop(self) -> None:
        """What was asked before is void."""
        self._asked += 1
        self.is_settled = False
        if self._rest is not None:
            self._rest.stop()

    def _try(self) -> None:
        self.run_worker(self._look(self._asked), group="look", exclusive=True)

    async def _look(self, number: int) -> None:
        plan = self.plan
        if plan is None:
            return
        with self.patience(lambda: self._after.say(words.TRYING)):
            look = await self.ask(Merging(self.bridge).look(plan.values, plan.start.version))
        if number != self._asked:
            return
        self.is_settled = True
        if look is not None:
            self.look = look
            self._draw()

    def _draw(self) -> None:
        plan = self.plan
        if plan is None:
            return
        self._summary.update(words.summary(plan, self.size.width - 4))
        blockers = plan.start.proposal.blockers if self.look is None else self.look.blockers
        known = concerns(plan.start, blockers, ends_links=plan.end_links)
        self.choices.show(known, plan.rows(), len(plan.ids))
        self._draw_after(sum(each.tone is Tone.DANGER for each in known))

    def _draw_after(self, stopping: int) -> None:
        look = self.look
        if look is None:
            return
        if look.seen is not None:
            self._after.show(words.outlook_lines(look.seen))
        elif isinstance(look.error, Stale):
            self._show_stale(look.error)
        elif stopping:
            self._after.say(words.in_the_way(stopping), tone=Tone.WARNING)
        elif look.error is not None:
            self._after.say(f"✗ {look.error.sentence}", tone=Tone.DANGER)

    def on_merge_choices_laid(self, event: MergeChoices.Laid) -> None:
        """Name the columns as they stand now."""
        event.stop()
        self._sides.show(self.plan, event.columns)

    # ---- merging

    def action_save(self) -> None:
        """Merge, once it is known why, and confirmed."""
        plan, look = self.plan, self.look
        if plan is None or look is None or not self.is_settled or self.is_saving:
            self.status.tell(words.TRYING)
            return
        if look.seen is None:
            self._go_where_it_waits()
            self.status.fail(look.error.sentence if look.error else words.TRYING)
            return
        self._ask_why(plan)

    def _ask_why(self, plan: Plan) -> None:
        dialog = AskReason(words.question(plan), words.REASON_ABOUT, suggested=self._reason)

        def answered(reason: str | None) -> None:
            self._reason = dialog.box.value
            if reason is not None:
                seen = None if self.look is None else self.look.seen
                confirm = Dialog(words.question(plan), words.meaning(seen), yes=words.MERGE)
                self.app.push_screen(confirm, self._confirmed)

        self.app.push_screen(dialog, answered)

    def _confirmed(self, answer: bool | None) -> None:
        if answer and self.plan is not None:
            self.is_saving = True
            self.status.tell(words.SAVING)
            self.run_worker(self._save(self.plan), group="save", exit_on_error=True)

    async def _save(self, plan: Plan) -> None:
        try:
            applied = await self.bridge.run(
                OPERATION,
                plan.values,
                reason=self._reason.strip(),
                version=plan.start.version,
                request_id=self._request_id,
            )
        except LatchkeyError as error:
            self.is_saving = False
            self._failed(error)
            return
        self.is_saving = False
        self.dismiss(applied)

    def _failed(self, error: LatchkeyError) -> None:
        if isinstance(error, Stale):
            self._show_stale(error)
        else:
            self.status.fail(answers.after_failure(error))
            self.changed()

    def _show_stale(self, error: Stale) -> None:
        self._after.say(words.STALE_BELOW)
        self._banner.show(
            error.sentence, tone=Tone.WARNING, answers=words.FOR_STALE, lines=change_lines(error.changes)
        )

    def on_banner_answered(self, event: Banner.Answered) -> None:
        """Go on from what is on file now; every choice that still fits stays."""
        self._banner.hide()
        self.choices.focus()
        if event.answer == "newest":
            self.reload()

    def action_refresh(self) -> None:
        """Read again; the choices stay."""
        self.status.clear()
        self._banner.hide()
        self.reload()

    def action_copy(self) -> None:
        """Copy the merge as it is typed in a shell."""
        self.status.tell(clipboard.copy(self.app, self.command_line))
