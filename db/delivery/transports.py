"""What a transport is: it takes one mail or text, and says in the server's own words what became of it."""

from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

from db.models import Channel

NO_GATEWAY = (
    "No SMS gateway is configured, so no text can leave. Set sms_url in the configuration file, or send a"
    " mail instead."
)


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
class TextMessage:
    """An SMS to a number in E.164; `identity` is the same at each attempt, as a mail's Message-ID."""

    recipient: str
    reference: str
    text: str
    identity: str


Letter = Envelope | TextMessage
"""What leaves: by mail, or by SMS."""


@dataclass(frozen=True)
class Receipt:
    """The end of one attempt; not `reached` where the fault lies before any mail, e.g. no connection."""

    outcome: Outcome
    reply: str
    reached: bool = True


class Transport(Protocol):
    """A way out of the building."""

    def send(self, letter: Letter) -> Receipt:
        """Hand one over within a minute or so; never raises for what a server or a network does."""
        ...

    def abort(self) -> None:
        """Let a `send` that runs in another thread end now."""
        ...


class ByChannel:
    """Mails go one way and texts another, each to the transport of its channel."""

    def __init__(self, *, mail: Transport, texts: Transport) -> None:
        self._by_channel = {Channel.EMAIL: mail, Channel.SMS: texts}

    def send(self, letter: Letter) -> Receipt:
        """Hand it to the transport of its channel."""
        return self._by_channel[channel_of(letter)].send(letter)

    def abort(self) -> None:
        """End whatever either of them is doing."""
        for transport in self._by_channel.values():
            transport.abort()


def channel_of(letter: Letter) -> Channel:
    """Return how a letter travels."""
    return Channel.SMS if isinstance(letter, TextMessage) else Channel.EMAIL
