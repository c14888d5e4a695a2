"""How large the search index is beside what it is an index of."""

from sqlalchemy import Connection, inspect

from bench.results import Sizes
from db.engine import Database
from db.models import Base

_CUSTOMERS = (
    "customer",
    "address",
    "email_profile",
    "phone_profile",
    "authentication_profile",
    "pass",
    "contract",
)
_SEARCHED = ("canonical", "reversed")
"""Columns whose index exists to be searched."""

_SQLITE = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
_POSTGRES = (
    "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind IN ('r', 'i')"
    " AND relnamespace = 'public'::regnamespace"
)


def sizes(database: Database) -> Sizes:
    """Add up the pages of tables and indexes."""
    with database.reading() as connection:
        rows = connection.exec_driver_sql(_SQLITE if database.is_sqlite else _POSTGRES)
        pages = {str(name): int(size) for name, size in rows}
        derived = [name for name, table in Base.metadata.tables.items() if table.info.get("derived")]
        whole = {
            name: pages.get(name, 0) + sum(_indexes(connection, pages, name).values()) for name in derived
        }
        columns = sum(
            size for table in _CUSTOMERS for size in _indexes(connection, pages, table, *_SEARCHED).values()
        )
    return Sizes(
        customers=sum(pages[name] for name in _CUSTOMERS),
        table=pages["customer"],
        columns=columns,
        terms=whole["search_term"],
        vocabulary=sum(whole.values()) - whole["search_term"],
    )


def _indexes(connection: Connection, pages: dict[str, int], table: str, *columns: str) -> dict[str, int]:
    """Sizes of the indexes of a table, or of those that begin with one of the columns."""
    inspector = inspect(connection)
    found = {str(index["name"]): index["column_names"][0] for index in inspector.get_indexes(table)}
    for place, unique in enumerate(inspector.get_unique_constraints(table), start=1):
        found[str(unique["name"])] = unique["column_names"][0]
        found[f"sqlite_autoindex_{table}_{place}"] = unique["column_names"][0]
    key = inspector.get_pk_constraint(table)
    found[str(key["name"])] = key["constrained_columns"][0]
    return {
        name: pages[name]
        for name, first in found.items()
        if name in pages and (not columns or first in columns)
    }
