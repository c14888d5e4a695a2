"""Merging: what each merge changed, and addresses that must be confirmed before use. Duplicates: pairs, scans."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

CONTACTS = ("email_profile", "phone_profile")


def key_text(length: int) -> sa.String:
    """Text compared byte by byte on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    """A moment in UTC."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """A foreign key with the name that the convention gives it."""
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Create the tables and the marks of addresses."""
    for table in CONTACTS:
        op.add_column(
            table,
            sa.Column("confirm_before_use", sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    _create_merges()
    _create_merge_rows()
    _create_duplicates()


def downgrade() -> None:
    """Drop what was created; merges that were made stay made."""
    op.drop_table("duplicate_scan")
    op.drop_table("duplicate_pair")
    op.drop_table("merge_row")
    op.drop_table("customer_merge")
    for table in CONTACTS:
        op.drop_column(table, "confirm_before_use")


def _create_merges() -> None:
    table = "customer_merge"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("absorbed", sa.Text(), nullable=False),
        sa.Column("survivor_version", sa.Integer(), nullable=False),
        sa.Column("digest", key_text(64), nullable=False),
        sa.Column("operator_id", key_text(32), nullable=False),
        moment("at", nullable=False),
        moment("undone_at"),
        sa.Column("undone_by", key_text(32), nullable=True),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_customer_merge_undone_by_somebody")
        ),
        reference(table, "survivor_id", "customer"),
        reference(table, "operator_id", "operator"),
        reference(table, "undone_by", "operator"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merge")),
    )
    for column in ("survivor_id", "operator_id", "undone_by"):
        op.create_index(op.f(f"ix_customer_merge_{column}"), table, [column])


def _create_merge_rows() -> None:
    table = "merge_row"
    op.create_table(
        table,
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=40), nullable=False),
        sa.Column("column_name", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        reference(table, "merge_id", "customer_merge"),
        sa.PrimaryKeyConstraint("merge_id", "position", name=op.f("pk_merge_row")),
    )


def _create_duplicates() -> None:
    table = "duplicate_pair"
    states = ("open", "later", "dismissed")
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("a_id", sa.Integer(), nullable=False),
        sa.Column("b_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("levels", key_text(60), nullable=False),
        sa.Column("collision", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*states, name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("judged_by", key_text(32), nullable=True),
        moment("judged_at"),
        sa.Column("fingerprint", key_text(64), nullable=True),
        sa.Column("scan", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("a_id < b_id", name=op.f("ck_duplicate_pair_lower_number_first")),
        reference(table, "a_id", "customer"),
        reference(table, "b_id", "customer"),
        reference(table, "judged_by", "operator"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint("a_id", "b_id", name=op.f("uq_duplicate_pair_a_id_b_id")),
    )
    for column in ("b_id", "judged_by"):
        op.create_index(op.f(f"ix_duplicate_pair_{column}"), table, [column])
    op.create_index("ix_duplicate_pair_state_weight", table, ["state", "weight"])
    op.create_table(
        "duplicate_scan",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        moment("started_at", nullable=False),
        moment("finished_at"),
        sa.CheckConstraint("id = 1", name=op.f("ck_duplicate_scan_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_scan")),
    )
