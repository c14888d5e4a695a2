"""Hands mail to an SMTP server: encrypted, with its certificate checked, and with limits on every wait."""

import smtplib
import ssl
import threading
from email.policy import SMTP, SMTPUTF8

from db.delivery.lines import safe_reply
from db.delivery.smtp_address import SmtpAddress
from db.delivery.smtp_client import AbortableClient, Line
from db.delivery.transports import NO_GATEWAY, Envelope, Letter, Outcome, Receipt, TextMessage

TIMEOUT_SECONDS = 10.0
TOTAL_SECONDS = 60.0
_UNKNOWN = (
    "The connection ended after the mail was handed over, before the server answered."
    " Whether the server took it is not known; it will be tried again."
)


class _NotOffered(Exception):
    """The server lacks something without which nothing is handed over; the text says what."""


class SmtpTransport:
    """Sends each mail over a connection of its own, so that no answer is taken for another mail's.

    `timeout` limits each wait for the server, `total` a whole attempt, both in seconds. The default
    context trusts the machine's own authorities and checks the server's name.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        total: float = TOTAL_SECONDS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._address = SmtpAddress.parse(url)
        self._timeout, self._total = timeout, total
        self._context = context or ssl.create_default_context()
        self._line = Line()

    def __repr__(self) -> str:
        return f"SmtpTransport({self._address!r})"

    def abort(self) -> None:
        """End the attempt that runs just now; its outcome is `deferred`."""
        self._line.cut()

    def send(self, letter: Letter) -> Receipt:
        """Hand one mail over and return the server's own words; a text has no way out here.

        `refused` only where the server refused this mail for good (5xx to sender, recipient or content);
        whatever is wrong with the connection, the certificate or the login may be put right: `deferred`.
        """
        if isinstance(letter, TextMessage):
            return Receipt(Outcome.REFUSED, NO_GATEWAY)
        limit = threading.Timer(self._total, self.abort)
        limit.daemon = True
        limit.start()
        try:
            return self._attempt(letter)
        finally:
            limit.cancel()
            self._line.hold(None)

    def _attempt(self, envelope: Envelope) -> Receipt:
        try:
            client = self._connect()
        except smtplib.SMTPResponseException as error:
            return self._unreached(f"{error.smtp_code} {_text(error.smtp_error)}")
        except _NotOffered as error:
            return self._unreached(str(error))
        except ssl.SSLCertVerificationError as error:
            return self._unreached(
                f"The mail server's certificate is not trusted ({error.verify_message}). Nothing was sent."
            )
        except OSError as error:
            return self._unreached(f"No connection to the mail server: {_cause(error)}.")
        try:
            return self._hand_over(client, envelope)
        finally:
            client.leave()

    def _connect(self) -> AbortableClient:
        address = self._address
        client = AbortableClient(
            address.host,
            address.port,
            timeout=self._timeout,
            line=self._line,
            context=self._context if address.tls_at_once else None,
        )
        try:
            client.ehlo_or_helo_if_needed()
            if address.starttls:
                if not client.has_extn("starttls"):
                    raise _NotOffered("The mail server offers no encryption (STARTTLS). Nothing was sent.")
                client.starttls(context=self._context)
                client.ehlo()
            self._log_in(client)
        except BaseException:
            client.close()
            raise
        return client

    def _log_in(self, client: AbortableClient) -> None:
        if self._address.user is None:
            return
        try:
            client.login(self._address.user, self._address.password)
        except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
            raise
        except smtplib.SMTPException:
            raise _NotOffered("The mail server offers no login that is known here.") from None

    def _hand_over(self, client: AbortableClient, envelope: Envelope) -> Receipt:
        is_international = not envelope.recipient.isascii()
        if is_international and not client.has_extn("smtputf8"):
            return Receipt(
                Outcome.REFUSED, "The mail server cannot write to addresses outside ASCII (SMTPUTF8)."
            )
        options = ["SMTPUTF8", "BODY=8BITMIME"] if is_international else []
        policy = SMTPUTF8 if is_international else SMTP
        content = envelope.message.as_bytes(policy=policy)
        may_have_left = False
        try:
            _expect_yes(*client.mail(envelope.sender, options))
            _expect_yes(*client.rcpt(envelope.recipient))
            may_have_left = True
            code, reply = client.data(content)
            _expect_yes(code, reply)
        except smtplib.SMTPResponseException as answer:
            return self._judged(answer.smtp_code, answer.smtp_error)
        except OSError as error:
            lost = f"The connection to the mail server ended: {_cause(error)}."
            return Receipt(Outcome.DEFERRED, _UNKNOWN if may_have_left else self._safe(lost))
        return Receipt(Outcome.SENT, self._safe(f"{code} {_text(reply)}"))

    def _judged(self, code: int, reply: bytes | str) -> Receipt:
        outcome = Outcome.REFUSED if 500 <= code <= 599 else Outcome.DEFERRED
        return Receipt(outcome, self._safe(f"{code} {_text(reply)}"))

    def _unreached(self, words: str) -> Receipt:
        return Receipt(Outcome.DEFERRED, self._safe(words), reached=False)

    def _safe(self, words: str) -> str:
        return safe_reply(words, secrets=(self._address.password,))


def _expect_yes(code: int, reply: bytes) -> None:
    if not 200 <= code <= 299:
        raise smtplib.SMTPResponseException(code, reply)


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply


def _cause(error: OSError) -> str:
    """What a network error says, without its arguments."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it took too long" if "timed out" in str(error) else "the server hung up"
    return (error.strerror or type(error).__name__).lower()
