"""Hands texts to SMS gateways through apprise, which is loaded when the first one leaves.

Apprise tells its log what a gateway answered, and everything else as well, the text included: only the
answer is taken from there, and nothing of it goes anywhere else (R12).
"""

import logging
import re
import threading
import warnings
from functools import cache
from typing import Any

from db.delivery.gateway_address import GatewayAddress, parse_gateways
from db.delivery.lines import safe_reply
from db.delivery.transports import Letter, Outcome, Receipt, TextMessage

TOTAL_SECONDS = 30.0
_LOGGER = "apprise"
_DETAILS = "Response Details:"
_STATUS = re.compile(r"error=([0-9]{3})\b")
_NOT_CONNECTED = ("NewConnectionError", "ConnectTimeout", "NameResolutionError", "SSLError")
_REFUSALS = frozenset({400, 422})
"""What gateways answer to this text or number; every other answer is about the account, or the moment."""

_NO_CONNECTION = "No connection to the SMS gateway."
_UNKNOWN_END = (
    "The SMS gateway gave no answer. Whether it took the text is not known; it will be tried again."
)
_SENT_ON = (
    "The SMS gateway ({status}) wants the text sent to another address, and no text goes where nobody told it"
    " to. Correct sms_url in the configuration."
)
_NOT_KNOWN = (
    "The address of the SMS gateway is none that apprise knows. Correct sms_url in the configuration."
)


class GatewayTransport:
    """Sends each text by the first gateway that takes it; `total` limits a whole attempt, in seconds."""

    def __init__(self, urls: str, *, total: float = TOTAL_SECONDS) -> None:
        self._gateways = parse_gateways(urls)
        self._total = total
        self._lock = threading.Lock()
        self._running: set[threading.Event] = set()

    def send(self, letter: Letter) -> Receipt:
        """Hand one text over and return what the gateway said.

        `refused` only where a gateway refused this text or number; what is wrong with the account, the
        connection or the moment may be put right: `deferred`.
        """
        if not isinstance(letter, TextMessage):
            return Receipt(Outcome.REFUSED, "An SMS gateway takes no mail.")
        receipt = Receipt(Outcome.DEFERRED, _NO_CONNECTION, reached=False)
        for gateway in self._gateways:
            receipt = self._within_limits(gateway, letter)
            if receipt.outcome is Outcome.SENT:
                break
        return receipt

    def abort(self) -> None:
        """End the attempts that run just now; their outcome is `deferred`."""
        with self._lock:
            for ended in self._running:
                ended.set()

    def _within_limits(self, gateway: GatewayAddress, text: TextMessage) -> Receipt:
        """Let a thread of its own wait for the gateway, since nothing else can end that wait.

        Each attempt has an event of its own: the thread of one that was given up ends no later one.
        """
        ended = threading.Event()
        found: list[Receipt] = []

        def work() -> None:
            found.append(_hand_over(gateway, text))
            ended.set()

        with self._lock:
            self._running.add(ended)
        threading.Thread(target=work, name="sms", daemon=True).start()
        ended.wait(self._total)
        with self._lock:
            self._running.discard(ended)
        return found[0] if found else Receipt(Outcome.DEFERRED, _UNKNOWN_END, reached=False)


def _hand_over(gateway: GatewayAddress, text: TextMessage) -> Receipt:
    apprise = _apprise()
    words = _Words()
    logger = logging.getLogger(_LOGGER)
    logger.addHandler(words)
    try:
        # An apprise too old to know of redirects refuses to make the asset: no text leaves then.
        asset = apprise.AppriseAsset(http_redirects=False)
        plugin = apprise.Apprise.instantiate(gateway.to(text.recipient), asset=asset)
        if not plugin:
            return Receipt(Outcome.DEFERRED, _NOT_KNOWN, reached=False)
        plugin.redirects = False  # whatever the address says: a code goes to nobody but the gateway (R12)
        is_taken = plugin.notify(body=text.text, title="")
    except Exception as error:  # noqa: BLE001  # a service's own code may raise anything, and its text is not safe to keep
        words.said.append(f"The SMS gateway's module failed ({type(error).__name__}).")
        is_taken = False
    finally:
        logger.removeHandler(words)
    return _judged(words, is_taken=is_taken, secrets=(*gateway.secrets, text.text))


def _judged(words: "_Words", *, is_taken: bool, secrets: tuple[str, ...]) -> Receipt:
    said = safe_reply(" ".join(words.said), secrets=secrets, has_code=True)
    if is_taken:
        return Receipt(Outcome.SENT, said or "The SMS gateway took it.")
    status = _STATUS.search(said)
    if status is not None and status[1].startswith("3"):
        return Receipt(Outcome.DEFERRED, _SENT_ON.format(status=status[1]))
    if status is not None:
        outcome = Outcome.REFUSED if int(status[1]) in _REFUSALS else Outcome.DEFERRED
        return Receipt(outcome, said)
    if words.has_no_connection:
        return Receipt(Outcome.DEFERRED, _NO_CONNECTION, reached=False)
    if words.is_cut_off or not said:
        return Receipt(Outcome.DEFERRED, _UNKNOWN_END, reached=False)
    return Receipt(Outcome.DEFERRED, said)


class _Words(logging.Handler):
    """Keeps what one thread's gateway answered, and how its connection failed; drops everything else."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.has_no_connection = False
        self.is_cut_off = False
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line of the log."""
        if record.thread != self._thread:
            return
        line = record.getMessage()
        if line.startswith("Socket Exception:"):
            self.has_no_connection = any(name in line for name in _NOT_CONNECTED)
            self.is_cut_off = not self.has_no_connection
        elif line.startswith(_DETAILS):
            self.said.append(_unquoted(line.removeprefix(_DETAILS).strip()))
        elif record.levelno >= logging.INFO:
            self.said.append(line)


def _unquoted(details: str) -> str:
    """The body of an answer without the marks of Python's bytes."""
    return details[2:-1] if details[:2] in ("b'", 'b"') else details


@cache
def _apprise() -> Any:
    """Load apprise with all its services, and keep its log, which holds the texts, to ourselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a module that its mail service still uses
        import apprise

        apprise.Apprise.instantiate("json://localhost")  # loads the services
    logger = logging.getLogger(_LOGGER)
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    return apprise
