"""A walk as one screen knows it: what waits to be recorded, which check runs next, and what was typed."""

from typing import TYPE_CHECKING

from db.rules.playbooks import Standing
from tui import procedure_words as words

if TYPE_CHECKING:
    from db.queries.walks import StepView, WalkView


class Walking:
    """Keeps its own account between one reading of the walk and the next."""

    def __init__(self) -> None:
        self.walk: WalkView | None = None
        self.queue: list[tuple[StepView, str | None]] = []
        self.drafts: dict[str, str] = {}
        self._failed: set[str] = set()
        self._stale: set[str] = set()

    def why_read_only(self, operator_id: str, interaction: int | None) -> str:
        """Why an operator records nothing here; empty where they carry the walk on."""
        walk = self.walk
        if walk is None:
            return words.LOADING_WALK
        if walk.operator_id != operator_id:
            return words.another_walks(walk.operator_id)
        if walk.outcome is not None:
            return words.ended(walk.outcome)
        if not walk.is_open:
            return words.CLOSED_WALK
        if walk.interaction_id != interaction:
            return words.other_interaction(walk.interaction_id)
        return ""

    def begins(self, step: "StepView") -> None:
        """A step is being recorded: a check that fails is not tried again by itself."""
        if step.kind == "check":
            self._stale.discard(step.id)
            self._failed.add(step.id)

    def kept(self, step: "StepView") -> None:
        """A step was recorded; a corrected answer takes the ground from under the checks after it."""
        self._failed.discard(step.id)
        self.drafts.pop(step.id, None)
        if step.standing is Standing.DONE and step.kind != "check" and self.walk is not None:
            names = [found.id for found in self.walk.steps]
            later = self.walk.steps[names.index(step.id) + 1 :]
            self._stale |= {found.id for found in later if found.kind == "check"}

    def forgive(self) -> None:
        """Let checks that failed be tried again."""
        self._failed.clear()

    def due(self) -> "StepView | None":
        """Return the check that runs by itself: one whose ground has changed, or the step that is due."""
        if self.walk is None:
            return None
        for step in self.walk.steps:
            is_stale = step.id in self._stale and step.standing is Standing.DONE
            is_due = step.standing is Standing.NEXT or is_stale
            if step.kind == "check" and is_due and step.id not in self._failed:
                return step
        return None

    @property
    def is_typed(self) -> bool:
        """Whether an answer was typed and not kept."""
        known = {} if self.walk is None else {step.id: step.answer or "" for step in self.walk.steps}
        return any(text.strip() and text != known.get(step) for step, text in self.drafts.items())

    def count(self, standing: Standing) -> int:
        """Return how many steps stand so."""
        return 0 if self.walk is None else sum(step.standing is standing for step in self.walk.steps)
