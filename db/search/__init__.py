"""Finding customers: the index, kept in the same transaction, and ranked look-up."""

from db.search.find import SearchPage, find, find_more
from db.search.index import update
from db.search.rank import Hit

__all__ = ["Hit", "SearchPage", "find", "find_more", "update"]
