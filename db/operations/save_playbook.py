"""Keeps a playbook that an admin has written or changed; it goes before a shipped one of its id."""

from typing import Annotated

from msgspec import Meta

from db.errors import Invalid
from db.models import Playbook
from db.operation import Operation, Params
from db.playbooks.checks import CHECK_ANSWERS
from db.rules.playbooks import MAX_SOURCE, Unusable, id_in, read
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


def subject(transaction: Transaction, params: SavePlaybook) -> Playbook | None:
    """Return the saved playbook of that id, locked; None for a new one, and for what cannot be read."""
    name = id_in(params.source)
    if name is None:
        return None
    transaction.hold("playbook", name)
    return transaction.session.get(Playbook, name, with_for_update=True)


def apply(transaction: Transaction, params: SavePlaybook) -> Playbook:
    """Write the source after it was found to be sound."""
    from db.operations import REGISTRY  # the registry holds this operation too

    try:
        checked = read(params.source, "playbook", operations=REGISTRY, checks=CHECK_ANSWERS)
    except Unusable as error:
        first, more = error.mistakes[0], len(error.mistakes) - 1
        others = f" ({more} more mistake{'s' if more > 1 else ''} after it.)" if more else ""
        raise Invalid(f"{first}{others} Correct it; nothing was saved.", field="source") from None
    found = subject(transaction, params)
    if found is None:
        return transaction.add(
            Playbook(id=checked.id, source=params.source, is_active=not params.retired, version=1)
        )
    found.source, found.is_active = params.source, not params.retired
    return found


OPERATION = Operation(
    name="save-playbook",
    label="Save playbook",
    help="Adds a procedure of your own, or changes one; the source is checked before it is kept.",
    params=SavePlaybook,
    right=Right.SETTINGS,
    apply=apply,
    subject=subject,
    group="admin",
)
