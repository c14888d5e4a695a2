"""The vocabulary of names, for misspelt ones, and where a rebuild of the index stands."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

CITY = 4


def key_text(length: int) -> sa.String:
    """Text compared byte by byte on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables; where there are customers, leave the rebuild due that fills them."""
    op.create_table(
        "search_word",
        sa.Column("word", key_text(40), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_key",
        sa.Column("key", key_text(48), nullable=False),
        sa.Column("word", key_text(40), nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_search_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_rebuild",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", key_text(20), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("place", key_text(320), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_search_rebuild_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_rebuild")),
    )
    op.execute(
        "INSERT INTO search_rebuild (id, step, kind, place, number, added, removed)"
        " SELECT 1, 'customers', 0, '', 0, 0, 0 WHERE EXISTS (SELECT 1 FROM customer)"
    )


def downgrade() -> None:
    """Drop the tables, and the terms that the version before does not know."""
    op.execute(f"DELETE FROM search_term WHERE kind = {CITY}")
    for table in ("search_rebuild", "search_key", "search_word"):
        op.drop_table(table)
