"""What a transport is: it takes one mail, and says in the server's own words what became of it."""

from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"


@dataclass(frozen=True)
class Envelope:
    """A mail with the bare addresses that a server is told; `reference` is printed in it."""

    sender: str
    recipient: str
    reference: str
    message: EmailMessage


@dataclass(frozen=True)
class Receipt:
    """The end of one attempt; not `reached` where the fault lies before any mail, e.g. no connection."""

    outcome: Outcome
    reply: str
    reached: bool = True


class Transport(Protocol):
    """A way out of the building."""

    def send(self, envelope: Envelope) -> Receipt:
        """Hand one mail over within a minute or so; never raises for what a server or a network does."""
        ...

    def abort(self) -> None:
        """Let a `send` that runs in another thread end now."""
        ...
