"""The words of judging in bulk."""

from collections.abc import Sequence
from typing import Final

from db.judging import Bulk, GroupJudged
from db.rules.wording import counted

TITLE: Final = "Judge equal ones"
NO_EXACT: Final = "No group of open pairs is equal in everything. Judge pair by pair: m . or ,"
DO: Final = "To each group"
HOWS: Final = (
    (Bulk.MERGE.value, "merge into one customer"),
    (Bulk.DISMISS.value, "say they are two people"),
    (Bulk.LATER.value, "put off"),
)
VERB: Final = {Bulk.MERGE: "Merge", Bulk.DISMISS: "Part", Bulk.LATER: "Put off"}
WOULD: Final = {Bulk.MERGE: "is merged", Bulk.DISMISS: "are two people", Bulk.LATER: "is put off"}
DONE: Final = {Bulk.MERGE: "merged", Bulk.DISMISS: "judged to be two people", Bulk.LATER: "put off"}
OPERATION_OF: Final = {
    Bulk.MERGE: "merge-customers",
    Bulk.DISMISS: "judge-duplicate",
    Bulk.LATER: "judge-duplicate",
}
ASK_BULK: Final = "Why?"
ABOUT_BULK: Final = {
    Bulk.MERGE: "are merged, each by an operation and an event of its own with this reason.",
    Bulk.DISMISS: "are kept as two people, each pair with this reason.",
    Bulk.LATER: "are put off, each pair with this reason.",
}
ABOUT_BULK_ALL: Final = {
    Bulk.MERGE: "Each merge can be undone at any time by a lead. esc stops between two groups.",
    Bulk.DISMISS: "They come back only if one of the two changes; u in the queue opens them again.",
    Bulk.LATER: "They wait in the queue under “later”.",
}
STAYS: Final = ("stays in the queue, with its reason", "stay in the queue, each with its reason")
BULK_NEXT: Final = "space leaves a group out or in; ctrl+s does it, after a reason and a question."
BULK_TRY: Final = "Not tried: it was cancelled. F5 tries what would become of each; esc goes back."
BULK_OVER: Final = "Done. esc goes back to the queue; F5 looks whether there are more."
BULK_WAIT: Final = "First it is tried what would become of each group; a moment."
BULK_LEFT: Final = "Judging was stopped when its screen was left. What was done until then is done."
NONE_TAKEN: Final = "No group is taken. space takes the selected one in."


def bulk_done(done: Sequence[GroupJudged], wanted: int, how: Bulk) -> str:
    """Say what became of the groups: done, left with a reason, not reached."""
    fine = sum(each.is_done for each in done)
    parts = [f"{counted(fine, 'group')} {DONE[how]}"]
    if fine < len(done):
        parts.append(f"{len(done) - fine} left in the queue")
    if len(done) < wanted:
        parts.append(f"stopped before the other {wanted - len(done)}")
    return f"{', '.join(parts)}."
