"""Finding customers: ranked look-up; `db.search.index` keeps what it looks in, in the same transaction."""

from db.search.find import SearchPage, find, find_more
from db.search.rank import Hit

__all__ = ["Hit", "SearchPage", "find", "find_more"]
