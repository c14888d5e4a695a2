"""Who acts, and from where: what the audit log says about the person behind a change."""

from dataclasses import dataclass

from db.rules.roles import SERVICE


@dataclass(frozen=True)
class Actor:
    """An operator at a console, or one of the product's own workers.

    The role is not here on purpose: it is read again in every transaction (R49).
    """

    operator_id: str
    session: str = ""
    source: str = "local"
    key_fingerprint: str | None = None
    is_service: bool = False


def service(name: str) -> Actor:
    """Return the actor of one of the product's own workers, e.g. the outbox."""
    return Actor(operator_id=name, session=SERVICE, source="local", is_service=True)
