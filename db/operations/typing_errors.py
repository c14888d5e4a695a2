"""Warns of an address that the typo table knows to be mistyped, before it is kept or anything goes there."""

from db.models import EmailProfile
from db.rules.typo import propose
from db.settings import typo_table
from db.transaction import Transaction


def meant(transaction: Transaction, address: str) -> str:
    """Return what an address is probably meant to be; empty where the typo table has nothing against it."""
    found = propose(address.strip(), typo_table(transaction.policy))
    return found[0].after if found else ""


def ask_about(transaction: Transaction, typed: str) -> None:
    """Ask about an address that is about to be kept. It is never refused: the domain may exist."""
    right = meant(transaction, typed)
    if right:
        transaction.warn(f"Did you mean {right}? The typo table knows this address as a typing error.")


def warn_before_sending(transaction: Transaction, profile: EmailProfile) -> None:
    """Warn that what is sent may reach a stranger; an address that was verified is right as it is."""
    right = "" if profile.verified_at is not None else meant(transaction, profile.address)
    if right:
        transaction.warn(
            f"{profile.address} is probably a typing error for {right}. Correct it before anything is sent."
        )
