"""The field at the end of every form: why it is done."""

from typing import Final

from db.operations.forms import FieldInfo
from tui.widgets.form import REASON

MAX_REASON: Final = 500
REASON_FIELD: Final = FieldInfo(
    name=REASON,
    title="Reason",
    help="Why this is done, in a few words. It goes into the audit log.",
    required=True,
    type="text",
    kind=None,
    options=(),
    default=None,
    max_length=MAX_REASON,
)
