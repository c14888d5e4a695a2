"""How much may be sent: to one customer, by one operator, by everybody (R20)."""

from datetime import timedelta
from typing import Literal

from db.models import Customer
from db.transaction import Transaction

Kind = Literal["link", "code", "test"]
_OWN: dict[Kind, str] = {
    "link": "links for this customer",
    "code": "codes for this customer",
    "test": "test mails to this customer",
}
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


def spend_send(transaction: Transaction, customer: Customer, kind: Kind, *, by_operator: bool) -> None:
    """Use up one send of this kind to the customer, one of everybody's, and one of the operator who acts.

    Codes, which customers ask for themselves, have a limit of everybody's of their own. Raises `Refused`.
    """
    policy, own = transaction.policy, f"{kind}:customer:{customer.id}"
    for limit, window in ((policy.sends_per_minute, _MINUTE), (policy.sends_per_hour, _HOUR)):
        transaction.spend(own, limit=limit, window=window, what=_OWN[kind], customer=customer)
    used = [own]
    if by_operator:
        used.append(f"send:operator:{transaction.actor.operator_id}")
        limit = policy.operator_sends_per_hour
        transaction.spend(used[-1], limit=limit, window=_HOUR, what="messages by you")
    is_code = kind == "code"
    used.append("code:all" if is_code else "send:all")
    limit, what = (
        (policy.all_codes_per_hour, "codes to everybody")
        if is_code
        else (policy.all_sends_per_hour, "messages by everybody")
    )
    transaction.spend(used[-1], limit=limit, window=_HOUR, what=what)
    for bucket in used:
        transaction.count(bucket)
