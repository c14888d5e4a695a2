"""Reads the address of a mail server; the password in it is never shown again (R12)."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

from db.errors import Unavailable

_PORTS = {"smtp": 587, "smtps": 465}
_MODES = {"required": True, "off": False}


@dataclass(frozen=True)
class SmtpAddress:
    """Where mail is handed over, and how: TLS from the start, by STARTTLS, or in clear on this machine."""

    host: str
    port: int
    tls_at_once: bool
    starttls: bool
    user: str | None = None
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> "SmtpAddress":
        """Read `smtp://USER:PASSWORD@HOST:587?starttls=required` or `smtps://…`; raise `Unavailable`.

        STARTTLS is required everywhere but on a loopback address, where `starttls=off` is the default.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            _refuse("The mail server's address cannot be read.")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.scheme not in _PORTS or not host or parts.path not in ("", "/") or parts.fragment:
            _refuse("The mail server's address cannot be read.")
        mode = options.pop("starttls", None)
        if options or (mode is not None and mode not in _MODES):
            _refuse("The mail server's address has an option that is not known.")
        tls_at_once = parts.scheme == "smtps"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (user + password).isascii():
            _refuse("The mail server's user and password must be ASCII.")
        is_secured = tls_at_once or _MODES.get(mode or "", not is_loopback(host))
        if not is_secured and not is_loopback(host):
            _refuse("Mail may only leave this machine encrypted.")
        return cls(
            host=host,
            port=port or _PORTS[parts.scheme],
            tls_at_once=tls_at_once,
            starttls=is_secured and not tls_at_once,
            user=user or None,
            password=password,
        )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(what: str) -> NoReturn:
    raise Unavailable(
        f"{what} Write smtp://USER:PASSWORD@HOST:587?starttls=required or smtps://USER:PASSWORD@HOST:465.",
        code="smtp-url",
    ) from None
