"""Says whether a link still works, and for whom; every other link looks the same from outside (R16, A24)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from db.models import (
    AuthenticationProfile,
    Customer,
    CustomerStatus,
    EmailProfile,
    Link,
    LinkPurpose,
    SignInState,
)

_STATUS = {
    LinkPurpose.RESET: (CustomerStatus.ACTIVE,),
    LinkPurpose.ACTIVATION: (CustomerStatus.INACTIVE,),
    LinkPurpose.CONFIRM: (CustomerStatus.ACTIVE, CustomerStatus.INACTIVE),
}
_SHUT = (SignInState.LOCKED, SignInState.DISABLED)


@dataclass(frozen=True)
class LiveLink:
    """A link that works at this moment; `sign_in_id` is None where it only confirms an address."""

    id: int
    purpose: LinkPurpose
    customer_id: int
    email_profile_id: int
    sign_in_id: int | None
    is_opened: bool


_LINK = (
    select(
        Link.id,
        Link.purpose,
        Link.customer_id,
        Link.email_profile_id,
        Link.authentication_profile_id,
        Link.address.label("sent_to"),
        Link.credential_version.label("made_for"),
        Link.expires_at,
        Link.opened_at,
        Link.used_at,
        Link.voided_at,
        Customer.status,
        Customer.takeover_flag,
        EmailProfile.address,
        EmailProfile.cool_down_until,
        EmailProfile.confirm_before_use,
        AuthenticationProfile.state,
        AuthenticationProfile.credential_version,
    )
    .join(Customer, Customer.id == Link.customer_id)
    .join(EmailProfile, EmailProfile.id == Link.email_profile_id)
    .outerjoin(AuthenticationProfile, AuthenticationProfile.id == Link.authentication_profile_id)
    .where(Link.secret_hash == bindparam("secret_hash"))
)


def live_link(connection: Connection, secret_hash: str, now: datetime) -> LiveLink | None:
    """Return the link behind a secret, or None where it is unknown, used, void, expired or not valid now.

    It is bound to its purpose by the customer's status, to its address as it was sent, and to the version
    of the credentials; a lock, a suspension and the takeover flag stop it (R16, R18, R21, R33).
    """
    found = connection.execute(_LINK, {"secret_hash": secret_hash}).one_or_none()
    if found is None or found.used_at is not None or found.voided_at is not None:
        return None
    if found.expires_at is None or found.expires_at <= now:
        return None
    if found.takeover_flag or found.status not in _STATUS[found.purpose] or found.address != found.sent_to:
        return None
    if found.cool_down_until is not None and found.cool_down_until > now:
        return None
    if found.purpose is not LinkPurpose.CONFIRM and (
        found.confirm_before_use
        or found.state is None
        or found.state in _SHUT
        or found.credential_version != found.made_for
    ):
        return None
    return LiveLink(
        id=found.id,
        purpose=found.purpose,
        customer_id=found.customer_id,
        email_profile_id=found.email_profile_id,
        sign_in_id=found.authentication_profile_id,
        is_opened=found.opened_at is not None,
    )
