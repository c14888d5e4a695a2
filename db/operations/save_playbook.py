"""Keeps a playbook that an admin has written or changed; it goes before a shipped one of its id."""

from typing import Annotated

from msgspec import Meta

from db.errors import Invalid
from db.models import Playbook
from db.operation import Operation, Params
from db.playbooks.checks import CHECK_ANSWERS
from db.rules.playbooks import MAX_SOURCE, Unusable, read
from db.rules.roles import Right
from db.transaction import Transaction


class SavePlaybook(Params, frozen=True, kw_only=True):
    """The whole source; a retired playbook is kept for the walks that it was part of."""

    source: Annotated[
        str,
        Meta(
            title="Playbook",
            description="The whole playbook as TOML; `latchkey playbook show ID` prints one to start from.",
            max_length=MAX_SOURCE,
            extra={"kind": "multiline"},
        ),
    ]
    retired: Annotated[
        bool, Meta(title="Retired", description="Kept, but not offered for new interactions.")
    ] = False


def apply(transaction: Transaction, params: SavePlaybook) -> Playbook:
    """Write the source after it was found to be sound."""
    from db.operations import REGISTRY  # the registry holds this operation too

    try:
        checked = read(params.source, "playbook", operations=REGISTRY, checks=CHECK_ANSWERS)
    except Unusable as error:
        first, more = error.mistakes[0], len(error.mistakes) - 1
        others = f" ({more} more mistake{'s' if more > 1 else ''} after it.)" if more else ""
        raise Invalid(f"{first}{others} Correct it; nothing was saved.", field="source") from None
    transaction.hold("playbook", checked.id)
    found = transaction.session.get(Playbook, checked.id, with_for_update=True)
    if found is None:
        return transaction.add(
            Playbook(id=checked.id, source=params.source, is_active=not params.retired, version=1)
        )
    if (found.source, found.is_active) != (params.source, not params.retired):
        found.source, found.is_active = params.source, not params.retired
        found.version += 1
    return found


OPERATION = Operation(
    name="save-playbook",
    label="Save playbook",
    help="Adds a procedure of your own, or changes one; the source is checked before it is kept.",
    params=SavePlaybook,
    right=Right.SETTINGS,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="admin",
)
