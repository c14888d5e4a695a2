"""Finding customers: the index, kept in the same transaction, and ranked look-up."""

from db.search.find import SearchPage, find
from db.search.index import update
from db.search.rank import Hit

__all__ = ["Hit", "SearchPage", "find", "update"]
