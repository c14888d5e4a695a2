"""The secret of a link: how it is made, what of it is kept, and where the link leads (R16, R23)."""

import hashlib
import re
import secrets

from db.errors import Invalid
from db.models import LinkPurpose

SECRET_BYTES = 32
"""256 random bits; R16 asks for 128."""

_HTTPS_HOST = re.compile(r"https://[a-z0-9.-]+(:[0-9]+)?")


def new_secret() -> str:
    """Return a secret that fits into a path."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> str:
    """Return the SHA-256 by which the database knows a secret, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def checked_host(host: str) -> str:
    """Return a configured link host, or raise `Invalid` unless it is https and nothing but a host."""
    if not _HTTPS_HOST.fullmatch(host):
        raise Invalid(
            "The link host must look like https://account.example.com. Correct it in the configuration.",
            field="link_host",
        )
    return host


def link_address(host: str, purpose: LinkPurpose, secret: str) -> str:
    """Return the address that a customer opens."""
    return f"{checked_host(host)}/{purpose.value}/{secret}"
