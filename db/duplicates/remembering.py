"""Says whether two customers are still as they were when somebody judged them to be two people; pure."""

import hashlib

import msgspec

from db.duplicates.folding import Person


def fingerprint(one: Person, other: Person) -> str:
    """Return SHA-256 of names, birth date, contacts and passes of both, the lower number first.

    Plain forms are hashed, so a change of case or spacing does not count as one.
    """
    sides = [(who.given, who.family, who.born, who.emails, who.phones, who.passes) for who in (one, other)]
    return hashlib.sha256(msgspec.json.encode(sides)).hexdigest()
