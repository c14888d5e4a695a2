"""Indexes that hold the customer beside what leads there: a search reads no rows of profiles any more."""

from alembic import op

revision = "0006"
down_revision = "0005"

INDEXES = (
    ("email_profile", "canonical", "customer_id"),
    ("phone_profile", "canonical", "customer_id"),
    ("phone_profile", "reversed", "customer_id"),
    ("pass", "reversed", "customer_id"),
    ("contract", "reversed", "customer_id"),
    ("authentication_profile", "customer_id", "last_sign_in_at"),
)


def upgrade() -> None:
    """Widen each index by the column that a search wants of the row."""
    for table, column, further in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column, further])


def downgrade() -> None:
    """Narrow them again."""
    for table, column, _ in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column])
