"""Puts together the way out that a configuration describes: a mail server, and an SMS gateway if any."""

from db.delivery.gateway import GatewayTransport
from db.delivery.smtp import SmtpTransport
from db.delivery.transports import ByChannel, Transport


def transport_to(*, smtp_url: str, sms_url: str | None) -> Transport:
    """Return the transport; without a gateway each text fails with a sentence that says so.

    Raises `Unavailable` where an address cannot be used.
    """
    mail = SmtpTransport(smtp_url)
    return mail if sms_url is None else ByChannel(mail=mail, texts=GatewayTransport(sms_url))
