"""Makes a request of what a form collected, in the thread that carries it out."""

from typing import TYPE_CHECKING, Any

from db.errors import Invalid
from db.params import build
from db.runner import Request, refuse_without_right

if TYPE_CHECKING:
    from db.actor import Actor
    from db.engine import Database
    from db.operation import Operation


def request_for(
    database: "Database",
    *,
    actor: "Actor",
    operation: "Operation",
    values: dict[str, Any],
    reason: str,
    interaction: int | None,
    version: int | None,
    request_id: str,
    dry_run: bool,
) -> Request:
    """Return the request; raise `Invalid` with the field that has to be corrected.

    An operator who has lost the right meanwhile is refused first: there is nothing to correct for them.
    """
    try:
        params = build(operation.params, values)
    except Invalid:
        refuse_without_right(database, actor, operation, dry_run=dry_run)
        raise
    return Request(
        actor=actor,
        operation=operation,
        params=params,
        reason=reason,
        interaction=interaction,
        version=version,
        request_id=request_id,
    )
