"""What an operation is: the unit of permission, preview, audit and test.

An operation is data plus one function. Its parameters are a frozen msgspec Struct whose field
annotations carry what a form or a command line needs to know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from db.models import Customer, Message
from db.rules.roles import Right
from db.transaction import Transaction


class Danger(StrEnum):
    """How carefully a screen asks before it runs an operation."""

    SAFE = "safe"
    DESTRUCTIVE = "destructive"
    IRREVERSIBLE = "irreversible"


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operation is told; each kind repeats `frozen=True, kw_only=True`, which mypy wants to see."""


class Versioned(Protocol):
    """A row that counts its changes: a customer, a setting, an operator."""

    __tablename__: str
    version: Any


def the_customer(transaction: Transaction, params: Any) -> Customer:
    """Return the customer that the parameters name: the subject of most operations."""
    return transaction.customer(params.customer)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One kind of change.

    `subject` finds and locks what is changed (None for something new); `right` is what the role
    table must grant, or a function where it depends on the data; `apply` makes the change and may
    return the row that the event is about. `frozen_by_takeover`: R33. `rights`: all that a function in
    `right` can ask for, so that a screen can say beforehand who may.
    """

    name: str
    label: str
    help: str
    params: type[Params]
    right: Right | Callable[[Transaction, Any], Right]
    apply: Callable[[Transaction, Any], Versioned | Message | None]
    subject: Callable[[Transaction, Any], Versioned | None] = the_customer
    danger: Danger = Danger.SAFE
    frozen_by_takeover: bool = False
    group: str = "customer"
    rights: tuple[Right, ...] = ()
