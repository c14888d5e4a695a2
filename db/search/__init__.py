"""Finding customers: the index, kept in the same transaction, and ranked look-up."""

from db.search.index import update

__all__ = ["update"]
