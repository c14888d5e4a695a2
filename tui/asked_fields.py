"""Which fields of an operation a form asks for: what is known from the subject is left out."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final

from tui.contact_hints import PUT_BACK, REPLACEMENTS

if TYPE_CHECKING:
    from db.operations.forms import FieldInfo
    from db.queries.customer import CustomerView
    from tui.operation_info import OperationInfo
    from tui.subject import Subject

_CUSTOMER: Final = "customer"


def asked_fields(
    info: "OperationInfo",
    customer: "CustomerView | None",
    about: "Subject | None",
    hints: Mapping[str, str],
    prefilled: Collection[str] = (),
) -> "list[FieldInfo]":
    """Return the fields to ask for, as they are called for this subject.

    A contact that replaces another is only asked for where a hint says why, or `prefilled` has it; what a
    change puts back, only where it takes another one back.
    """
    named = {*hints, *prefilled}
    asked = [
        field
        for field in info.fields
        if not _is_known(field, customer, about)
        and (field.name in named or not _is_only_if_asked(field, customer))
    ]
    return asked if about is None else [about.named(field) for field in asked]


def _is_only_if_asked(field: "FieldInfo", customer: "CustomerView | None") -> bool:
    return field.kind == PUT_BACK or (field.kind in REPLACEMENTS and customer is not None)


def known_values(
    info: "OperationInfo", customer: "CustomerView | None", about: "Subject | None"
) -> dict[str, object]:
    """Return the parameters that need no asking."""
    values: dict[str, object] = {}
    if customer is not None:
        values = {field.name: customer.id for field in info.fields if _is_known(field, customer, about)}
    return values if about is None else {**values, **about.values}


def _is_known(field: "FieldInfo", customer: "CustomerView | None", about: "Subject | None") -> bool:
    is_named = about is not None and field.name in about.values
    return is_named or (field.kind == _CUSTOMER and customer is not None)


def unchanged(prefilled: "Mapping[str, object]", customer: "CustomerView | None") -> frozenset[str]:
    """Return which given values are as they are on file, and so wait to be changed.

    Where no customer is known, that is all of them: what is changed then begins as it is.
    """
    if customer is None:
        return frozenset(prefilled)
    on_file: set[object] = {customer.given_name, customer.family_name, customer.birth_date}
    on_file |= {email.address for email in customer.emails} | {phone.number for phone in customer.phones}
    on_file |= {sign_in.username for sign_in in customer.sign_ins}
    on_file |= {part for at in customer.addresses for part in (at.street, at.city, at.state, at.postcode)}
    known = {str(value) for value in on_file if value is not None}
    return frozenset(name for name, value in prefilled.items() if str(value) in known)
