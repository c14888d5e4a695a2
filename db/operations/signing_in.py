"""What the operations of the customer's side share: their parameter types, and how their events read.

None of their parameters is a secret: passwords, codes and tokens are checked or hashed before a
request is made, and only verdicts and hashes reach the one door (R12, R14).
"""

from typing import Annotated

from msgspec import Meta

from db.models import Customer
from db.operation import Params
from db.transaction import Transaction

_HEX = "^[0-9a-f]{64}$"
TokenHash = Annotated[str, Meta(title="Token", description="SHA-256 of the attempt's token.", pattern=_HEX)]
SessionHash = Annotated[
    str, Meta(title="Session", description="SHA-256 of the session's token.", pattern=_HEX)
]
SecretHash = Annotated[str, Meta(title="Link", description="SHA-256 of the link's secret.", pattern=_HEX)]
PasswordHash = Annotated[
    str,
    Meta(
        title="Password hash",
        description="Argon2id, made before the request.",
        pattern=r"^\$argon2id\$[A-Za-z0-9$=,+/]{20,280}$",
    ),
]


def nobody(_transaction: Transaction, _params: Params) -> Customer | None:
    """Name no subject: a step of signing in is told in the customer's history, and is no change to them."""
    return None
