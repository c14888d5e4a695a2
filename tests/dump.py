"""What "unchanged" is measured by: an ordered dump of every table."""

from typing import Any

from db.engine import Database
from db.models import Base


def ordered_dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table in a fixed order."""
    with database.reading() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }
