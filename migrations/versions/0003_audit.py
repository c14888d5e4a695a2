"""The audit log, append-only by trigger (R11)."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

GENESIS = "0" * 64
TABLES = ("audit_event", "audit_detail", "audit_head")


def key_text(length: int) -> sa.String:
    """Text compared byte by byte on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


SQLITE_TRIGGERS = (
    """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_event_in_order BEFORE INSERT ON audit_event
       WHEN NEW.seq IS NOT (SELECT seq + 1 FROM audit_head WHERE id = 1)
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_detail_no_delete BEFORE DELETE ON audit_detail
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_detail_in_order BEFORE INSERT ON audit_detail
       WHEN NEW.seq IS NOT (SELECT seq + 1 FROM audit_head WHERE id = 1)
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_detail_only_emptied BEFORE UPDATE ON audit_detail
       WHEN NOT (NEW.seq IS OLD.seq AND NEW.position IS OLD.position AND NEW.field IS OLD.field
                 AND OLD.redacted_by IS NULL AND NEW.redacted_by IS NOT NULL
                 AND NEW.before IS NULL AND NEW.before_salt IS NULL
                 AND NEW.after IS NULL AND NEW.after_salt IS NULL)
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_head_one_row BEFORE INSERT ON audit_head
       WHEN EXISTS (SELECT 1 FROM audit_head)
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
       WHEN NEW.id IS NOT OLD.id OR NEW.seq IS NOT OLD.seq + 1
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
)

POSTGRESQL_FUNCTIONS = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
    """CREATE FUNCTION audit_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.seq IS DISTINCT FROM (SELECT seq + 1 FROM audit_head WHERE id = 1) THEN
           RAISE EXCEPTION 'the audit log is append-only';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE FUNCTION audit_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (NEW.seq, NEW.position, NEW.field) IS DISTINCT FROM (OLD.seq, OLD.position, OLD.field)
            OR OLD.redacted_by IS NOT NULL OR NEW.redacted_by IS NULL
            OR NEW.before IS NOT NULL OR NEW.before_salt IS NOT NULL
            OR NEW.after IS NOT NULL OR NEW.after_salt IS NOT NULL THEN
           RAISE EXCEPTION 'the audit log is append-only';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE FUNCTION audit_forward() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.id IS DISTINCT FROM OLD.id OR NEW.seq IS DISTINCT FROM OLD.seq + 1 THEN
           RAISE EXCEPTION 'the audit log is append-only';
         END IF;
         RETURN NEW;
       END $$""",
)

POSTGRESQL_TRIGGERS = (
    ("audit_event", "no_change", "BEFORE UPDATE OR DELETE", "ROW", "audit_refuse"),
    ("audit_event", "no_truncate", "BEFORE TRUNCATE", "STATEMENT", "audit_refuse"),
    ("audit_event", "in_order", "BEFORE INSERT", "ROW", "audit_in_order"),
    ("audit_detail", "no_delete", "BEFORE DELETE", "ROW", "audit_refuse"),
    ("audit_detail", "no_truncate", "BEFORE TRUNCATE", "STATEMENT", "audit_refuse"),
    ("audit_detail", "in_order", "BEFORE INSERT", "ROW", "audit_in_order"),
    ("audit_detail", "only_emptied", "BEFORE UPDATE", "ROW", "audit_only_emptied"),
    ("audit_head", "no_delete", "BEFORE DELETE", "ROW", "audit_refuse"),
    ("audit_head", "no_truncate", "BEFORE TRUNCATE", "STATEMENT", "audit_refuse"),
    ("audit_head", "one_row", "BEFORE INSERT", "ROW", "audit_refuse"),
    ("audit_head", "forward", "BEFORE UPDATE", "ROW", "audit_forward"),
)


def upgrade() -> None:
    """Create the log with its head, then close it."""
    _create_head()
    _create_events()
    _create_details()
    op.execute(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{GENESIS}')")
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_TRIGGERS:
            op.execute(statement)
        return
    for statement in POSTGRESQL_FUNCTIONS:
        op.execute(statement)
    for table, name, when, level, function in POSTGRESQL_TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {table}_{name} {when} ON {table} FOR EACH {level} EXECUTE FUNCTION {function}()"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")


def _create_head() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", key_text(64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )


def _create_events() -> None:
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("operation", sa.String(60), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("target", sa.String(80), nullable=True),
        sa.Column("target_version", sa.Integer(), nullable=True),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("request_id", key_text(64), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", key_text(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("request_id", name=op.f("uq_audit_event_request_id")),
    )
    op.create_index("ix_audit_event_customer", "audit_event", ["customer_id", "seq"])
    op.create_index("ix_audit_event_operator", "audit_event", ["operator_id", "seq"])
    op.create_index("ix_audit_event_operation", "audit_event", ["operation", "seq"])


def _create_details() -> None:
    op.create_table(
        "audit_detail",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(120), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("before_salt", sa.String(32), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("after_salt", sa.String(32), nullable=True),
        sa.Column("redacted_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("seq", "position", name=op.f("pk_audit_detail")),
    )


def downgrade() -> None:
    """Drop the log; the triggers go with their tables."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in ("audit_refuse", "audit_in_order", "audit_only_emptied", "audit_forward"):
            op.execute(f"DROP FUNCTION {function}()")
