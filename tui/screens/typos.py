"""The typo table: its rules in order, what each corrects, what was edited, and an address to try it on."""

from collections.abc import Iterable, Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from db.queries.typos import ADDED, PARTS, REMOVED, SHIPPED_LINE, TypoLine, TypoRuleView, TypoTableView
from db.rules.email import MAX_LENGTH
from db.rules.typo import propose
from db.rules.wording import counted
from tui import catalogue
from tui import procedure_words as words
from tui.actions import Place, bindings
from tui.screens.listing import ListScreen
from tui.subject import Subject
from tui.text import safe
from tui.widgets.diff import Line, Tone
from tui.widgets.footer import KeyLine
from tui.widgets.guarded_input import GuardedInput

CHANGE = "change-typo-table"
STATES = {SHIPPED_LINE: "shipped", ADDED: "✎ added", REMOVED: "✎ removed"}
Item = TypoRuleView | TypoLine


class TyposScreen(ListScreen[Item]):
    """Rules with their edited lines; enter on a rule shows all of its lines."""

    place = Place.TYPOS
    crumbs = (words.TYPOS,)
    BINDINGS = bindings(Place.TYPOS)
    columns = (("rule, wrong spelling", 0), ("corrected to", 16), ("", 10))

    def __init__(self) -> None:
        super().__init__()
        self.view: TypoTableView | None = None
        self._opened: set[str] = set()
        self._try = GuardedInput(placeholder=words.TRY_HINT, maximum=MAX_LENGTH, id="try")
        self._proposal = Static("", id="proposal", markup=False)

    def subject(self) -> ComposeResult:
        """A line to try the table on, above it."""
        with Horizontal(id="trying"):
            yield Static(words.TRY, id="try-label", markup=False)
            yield self._try
        yield self._proposal
        yield from super().subject()

    # ---- showing

    async def fetch(self) -> Sequence[Item]:
        """Read the table."""
        self.view = await self.console.procedures.typo_table()
        return tuple(self._rows(self.view))

    def _rows(self, view: TypoTableView) -> Iterator[Item]:
        for rule in view.rules:
            yield rule
            for line in rule.lines:
                if rule.id in self._opened or line.state != SHIPPED_LINE:
                    yield line

    def key_of(self, item: Item) -> str:
        """The rule, or the list and the wrong spelling."""
        return item.id if isinstance(item, TypoRuleView) else f"{item.part} {item.wrong}"

    def cells(self, item: Item) -> Iterable[str]:
        """A rule with the number of its lines, or a line of it."""
        if isinstance(item, TypoLine):
            return f"└ {item.wrong}", item.right, STATES[item.state]
        sign = "−" if item.id in self._opened else "+"
        lines = counted(len(item.lines), "line") if item.id in PARTS else ""
        return f"{sign if lines else '·'} {item.label}", lines, _switched(item)

    def about(self, item: Item) -> Iterable[Line]:
        """What it corrects, and what can be done to it."""
        if isinstance(item, TypoLine):
            yield Line("list", after=item.part)
            yield Line("corrects", item.wrong, item.right, is_change=True)
            yield Line("state", after=STATES[item.state], tone=_tone(item.state != SHIPPED_LINE))
            yield Line("next", after=words.LINE_ROW, tone=Tone.QUIET)
            return
        yield Line("rule", after=f"{item.label} ({item.id})")
        yield Line("example", *item.example, is_change=True)
        yield Line("state", after=_switched(item), tone=_tone(not item.is_on))
        counted = f"{len(item.lines)}, {_edited(item)} edited" if item.id in PARTS else words.CHARACTERS
        yield Line("lines", after=counted)
        yield Line("next", after=words.RULE_ROW, tone=Tone.QUIET)

    def summary(self) -> Content:
        """What the table is for, and how much of it was edited."""
        if self.view is None:
            return Content("")
        edited = sum(_edited(rule) for rule in self.view.rules)
        off = sum(not rule.is_on for rule in self.view.rules)
        said = f"Lines edited: {edited}; rules off: {off}." if edited or off else "All as shipped."
        return Content(f"What support may correct in an email alone, tried in this order. {said}")

    def _show(self, items: tuple[Item, ...]) -> None:
        super()._show(items)
        self._propose(self._try.value)

    # ---- trying

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what the table makes of it."""
        self._propose(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Nothing is kept; what is proposed stands there already."""
        event.stop()

    def _propose(self, typed: str) -> None:
        if self.view is None or not typed.strip():
            self._proposal.update(Content(""))
            return
        found = propose(typed, self.view.table)
        told = "   ".join(f"→ {each.after} ({each.rule})" for each in found)
        self._proposal.update(Content(safe(told or words.NO_CORRECTION)))

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Show the keys of the place that was entered."""
        self.query_one(KeyLine).place = Place.ANSWER if self._try.has_focus else Place.TYPOS

    # ---- keys

    @property
    def rule(self) -> TypoRuleView | None:
        """The rule of the selected row."""
        item = self.item
        if item is None or self.view is None:
            return None
        name = item.id if isinstance(item, TypoRuleView) else item.rule
        return next(rule for rule in self.view.rules if rule.id == name)

    def action_choose(self) -> None:
        """Show or fold the lines of a rule; a line is changed."""
        item = self.item
        if not isinstance(item, TypoRuleView) or item.id not in PARTS or self.view is None:
            self.action_edit()
            return
        self._opened ^= {item.id}
        self._show(tuple(self._rows(self.view)))

    def action_edit(self) -> None:
        """Take a line out or put it back; a rule is switched."""
        item = self.item
        if not isinstance(item, TypoLine):
            self.action_switch()
        elif item.state == REMOVED:
            self._change(edit="add", part=item.part, wrong=item.wrong, right=item.right)
        else:
            self._change(edit="remove", part=item.part, wrong=item.wrong)

    def action_add(self) -> None:
        """Add a line to the list of the selected row."""
        item, rule = self.item, self.rule
        parts = PARTS.get(rule.id, ()) if rule is not None else ()
        part = item.part if isinstance(item, TypoLine) else (parts or PARTS["misspelt-domain"])[0].value
        self._change(edit="add", part=part)

    def action_switch(self) -> None:
        """Switch the rule of the selected row."""
        rule = self.rule
        if rule is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
        else:
            self._change(edit="switch-off" if rule.is_on else "switch-on", rule=rule.id)

    def _change(self, **values: object) -> None:
        version = 0 if self.view is None else self.view.version
        about = Subject(label=words.TYPOS, values={}, version=version)
        self.console.start(CHANGE, values=values, about=about, then=self.came_back)

    def action_back(self) -> None:
        """Out of the line into the table, then out of the screen."""
        if self._try.has_focus:
            self._table.focus()
        else:
            self.dismiss(None)


def _switched(rule: TypoRuleView) -> str:
    return "● on" if rule.is_on else "× off"


def _edited(rule: TypoRuleView) -> int:
    return sum(line.state != SHIPPED_LINE for line in rule.lines)


def _tone(is_edited: bool) -> Tone:
    return Tone.WARNING if is_edited else Tone.PLAIN
