"""Reads where texts are handed over: apprise's addresses of SMS gateways; what is secret in them stays so."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from db.errors import Unavailable

PHONE = "{phone}"
"""Stands in an address for the digits of the number that a text goes to, country code first."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PART = re.compile(r"[^\s/:@?&=,;#]{6,}")


@dataclass(frozen=True)
class GatewayAddress:
    """One gateway; its `url` is never shown, for it holds the account's token (R12)."""

    url: str = field(repr=False)

    @property
    def scheme(self) -> str:
        """Which service it is, e.g. `twilio`: all of the address that may be shown."""
        return self.url.partition("://")[0].lower()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every part of the address but the host that is long enough to be a token, longest first."""
        after = self.url.partition("://")[2].replace(PHONE, "")
        host = _host(self.url)
        return tuple(sorted((part for part in _PART.findall(after) if part != host), key=len, reverse=True))

    def to(self, number: str) -> str:
        """Return the address for a number in E.164."""
        return self.url.replace(PHONE, number.removeprefix("+"))


def parse_gateways(text: str) -> tuple[GatewayAddress, ...]:
    """Read one address or several, between spaces, in the order in which they are tried; or `Unavailable`."""
    found = tuple(text.split())
    if not found or not all(_SCHEME.match(url) and PHONE in url for url in found):
        raise Unavailable(
            "The SMS gateway's address cannot be read. Write it as apprise does, with {phone} for the number:"
            " twilio://ACCOUNT:TOKEN@SENDER/{phone}",
            code="sms-url",
        )
    return tuple(GatewayAddress(url) for url in found)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
