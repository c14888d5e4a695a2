"""Starts an interaction: one call, chat, mail or back-office session of one operator (P2)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from db.errors import Invalid, RefusalCode, Refused
from db.models import Customer, Interaction
from db.operation import Operation, Params
from db.operations import fields
from db.rules.roles import Right, Role
from db.transaction import Transaction


class InteractionChannel(StrEnum):
    """How somebody got in touch; back-office work has no caller."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"
    DESK = "desk"
    BACK_OFFICE = "back-office"


class Direction(StrEnum):
    """Who got in touch with whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    NONE = "none"


class StartInteraction(Params, frozen=True, kw_only=True):
    """How the contact came about, and about whom it is, where that is known already."""

    channel: Annotated[
        InteractionChannel,
        Meta(title="Channel", description="phone, chat, email, desk or back-office."),
    ]
    direction: Annotated[
        Direction,
        Meta(title="Direction", description="inbound or outbound; none for back-office work."),
    ] = Direction.INBOUND
    inbound_identifier: (
        Annotated[
            str,
            Meta(
                title="Caller's number or login",
                description="As the telephone or the chat shows it.",
                max_length=320,
            ),
        ]
        | None
    ) = None
    ticket: Annotated[str, Meta(title="Ticket", max_length=60)] | None = None
    customer: fields.CustomerId | None = None


def apply(transaction: Transaction, params: StartInteraction) -> Customer | None:
    """Write the interaction, open, for the operator who acts."""
    is_back_office = params.channel is InteractionChannel.BACK_OFFICE
    if is_back_office and transaction.role not in (Role.LEAD, Role.ADMIN):
        raise Refused("Back-office work takes a team lead or an admin.", code=RefusalCode.PERMISSION)
    if not is_back_office and params.direction is Direction.NONE:
        raise Invalid("Say who got in touch: inbound or outbound.", field="direction")
    customer = None if params.customer is None else transaction.customer(params.customer)
    if customer is not None and customer.id == transaction.own_customer_id:
        raise Refused(
            "This is your own customer record. Ask another operator (R36).", code=RefusalCode.PERMISSION
        )
    interaction = transaction.add(
        Interaction(
            operator_id=transaction.actor.operator_id,
            customer_id=params.customer,
            channel=params.channel.value,
            direction=Direction.NONE.value if is_back_office else params.direction.value,
            inbound_identifier=params.inbound_identifier,
            ticket=params.ticket,
            opened_at=transaction.now,
        )
    )
    transaction.will(f"interaction {interaction.id} is open")
    return customer


OPERATION = Operation(
    name="start-interaction",
    label="Start interaction",
    help="Opens a call, chat, mail or back-office session; what you do in it is recorded with it.",
    params=StartInteraction,
    right=Right.INTERACT,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="interaction",
)
