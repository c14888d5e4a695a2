"""Signing in: attempts, one-time codes, sessions; messages that carry codes or come back; playbooks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

OLD_KINDS = ("reset", "activation", "confirm", "notice-old", "notice-new", "notice-security")
NEW_KINDS = (*OLD_KINDS, "code", "test", "help")
OLD_STATES = ("queued", "sending", "sent", "failed", "void")
NEW_STATES = (*OLD_STATES, "bounced")
DUE = "state IN ('queued', 'sending')"
COLUMNS = (
    'id, reference, idempotency_key, customer_id, link_id, channel, kind, recipient, "values", state, attempts,'
    " next_attempt_at, lease, reply, created_at, sent_at"
)


def key_text(length: int) -> sa.String:
    """Text compared byte by byte on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    """A moment in UTC."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def choice(name: str, values: tuple[str, ...]) -> sa.Column[str]:
    """A column that holds one of some words."""
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def reference(
    table: str, column: str, target: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    """A foreign key with the name that the convention gives it."""
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    """Create the tables and let messages be of more kinds."""
    op.add_column(
        "authentication_profile",
        sa.Column("code_failures", sa.Integer(), nullable=False, server_default="0"),
    )
    _create_attempts()
    _create_codes()
    _create_sessions()
    _create_playbooks()
    _change_messages(NEW_KINDS, NEW_STATES, with_code=True)


def downgrade() -> None:
    """Drop the tables; messages that the version before does not know go with them."""
    new = "kind IN ('code', 'test', 'help')"
    op.execute(f"DELETE FROM message_attempt WHERE message_id IN (SELECT id FROM message WHERE {new})")
    op.execute(f"DELETE FROM message WHERE {new}")
    op.execute("UPDATE message SET state = 'failed' WHERE state = 'bounced'")
    _change_messages(OLD_KINDS, OLD_STATES, with_code=False)
    for table in (
        "walk_step", "walk", "playbook", "customer_session", "one_time_code", "sign_in_attempt"
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_column("authentication_profile", "code_failures")


def _create_attempts() -> None:
    table = "sign_in_attempt"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("authentication_profile_id", sa.Integer(), nullable=True),
        sa.Column("identifier_kind", sa.String(length=20), nullable=False),
        choice("state", ("open", "signed-in", "failed", "ended")),
        sa.Column("case", sa.String(length=40), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("token_hash", key_text(64), nullable=True),
        sa.Column("credential_version", sa.Integer(), nullable=False),
        moment("at", nullable=False),
        moment("expires_at"),
        moment("password_right_at"),
        moment("code_right_at"),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_sign_in_attempt_failures")),
        reference(table, "customer_id", "customer"),
        reference(table, "authentication_profile_id", "authentication_profile", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_attempt_token_hash")),
    )
    op.create_index("ix_sign_in_attempt_customer_at", table, ["customer_id", "at"])
    op.create_index(
        op.f("ix_sign_in_attempt_authentication_profile_id"), table, ["authentication_profile_id"]
    )


def _create_codes() -> None:
    table = "one_time_code"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        choice("channel", ("email", "sms")),
        sa.Column("email_profile_id", sa.Integer(), nullable=True),
        sa.Column("phone_profile_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("lifetime_minutes", sa.Integer(), nullable=False),
        sa.Column("code_hash", key_text(64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        moment("created_at", nullable=False),
        moment("expires_at"),
        moment("used_at"),
        moment("voided_at"),
        sa.Column("void_reason", sa.String(length=60), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_one_time_code_tries")),
        reference(table, "customer_id", "customer"),
        reference(table, "attempt_id", "sign_in_attempt"),
        reference(table, "email_profile_id", "email_profile", ondelete="SET NULL"),
        reference(table, "phone_profile_id", "phone_profile", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    for column in ("customer_id", "attempt_id", "email_profile_id", "phone_profile_id"):
        op.create_index(op.f(f"ix_one_time_code_{column}"), table, [column])


def _create_sessions() -> None:
    table = "customer_session"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("authentication_profile_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", key_text(64), nullable=False),
        moment("created_at", nullable=False),
        moment("expires_at", nullable=False),
        moment("ended_at"),
        sa.Column("end_reason", sa.String(length=60), nullable=True),
        reference(table, "customer_id", "customer"),
        reference(table, "authentication_profile_id", "authentication_profile", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_customer_session_token_hash")),
    )
    for column in ("customer_id", "authentication_profile_id"):
        op.create_index(op.f(f"ix_customer_session_{column}"), table, [column])


def _create_playbooks() -> None:
    op.create_table(
        "playbook",
        sa.Column("id", key_text(40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook")),
    )
    op.create_table(
        "walk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("playbook_id", key_text(40), nullable=False),
        sa.Column("fingerprint", key_text(64), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        moment("started_at", nullable=False),
        moment("ended_at"),
        reference("walk", "interaction_id", "interaction"),
        reference("walk", "customer_id", "customer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk")),
        sa.UniqueConstraint("interaction_id", "playbook_id", name=op.f("uq_walk_interaction_id_playbook_id")),
    )
    op.create_index(op.f("ix_walk_customer_id"), "walk", ["customer_id"])
    op.create_table(
        "walk_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("step", key_text(40), nullable=False),
        sa.Column("operator_id", key_text(32), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        moment("at", nullable=False),
        reference("walk_step", "walk_id", "walk"),
        reference("walk_step", "operator_id", "operator"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_step")),
        sa.UniqueConstraint("walk_id", "step", name=op.f("uq_walk_step_walk_id_step")),
    )
    op.create_index(op.f("ix_walk_step_operator_id"), "walk_step", ["operator_id"])


def _change_messages(kinds: tuple[str, ...], states: tuple[str, ...], *, with_code: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_messages(kinds, states, with_code=with_code)
        return
    for name, column, values in (("kind", "kind", kinds), ("state", "state", states)):
        op.drop_constraint(op.f(f"ck_message_{name}"), "message", type_="check")
        listed = ", ".join(f"'{value}'" for value in values)
        op.create_check_constraint(op.f(f"ck_message_{name}"), "message", f"{column} IN ({listed})")
    if with_code:
        op.add_column("message", sa.Column("code_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_message_code_id"), "message", "one_time_code", ["code_id"], ["id"])
        op.create_index(op.f("ix_message_code_id"), "message", ["code_id"])
    else:
        op.drop_index(op.f("ix_message_code_id"), "message")
        op.drop_column("message", "code_id")


def _rebuild_messages(kinds: tuple[str, ...], states: tuple[str, ...], *, with_code: bool) -> None:
    """SQLite changes no CHECK in place; the table and the one that refers to it are made anew."""
    op.execute("CREATE TEMP TABLE kept_message AS SELECT * FROM message")
    op.execute("CREATE TEMP TABLE kept_attempt AS SELECT * FROM message_attempt")
    op.drop_table("message_attempt")
    op.drop_table("message")
    _create_messages(kinds, states, with_code=with_code)
    _create_message_attempts()
    op.execute(f"INSERT INTO message ({COLUMNS}) SELECT {COLUMNS} FROM kept_message")
    op.execute("INSERT INTO message_attempt SELECT * FROM kept_attempt")
    op.execute("DROP TABLE kept_message")
    op.execute("DROP TABLE kept_attempt")


def _create_messages(kinds: tuple[str, ...], states: tuple[str, ...], *, with_code: bool) -> None:
    code: tuple[sa.schema.SchemaItem, ...] = (
        sa.Column("code_id", sa.Integer(), nullable=True),
        reference("message", "code_id", "one_time_code"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", key_text(16), nullable=False),
        sa.Column("idempotency_key", key_text(80), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        choice("channel", ("email", "sms")),
        choice("kind", kinds),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        choice("state", states),
        sa.Column("attempts", sa.Integer(), nullable=False),
        moment("next_attempt_at", nullable=False),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        moment("created_at", nullable=False),
        moment("sent_at"),
        *(code if with_code else ()),
        reference("message", "customer_id", "customer"),
        reference("message", "link_id", "link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_message_idempotency_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_message_reference")),
    )
    for column in ("customer_id", "link_id", *(("code_id",) if with_code else ())):
        op.create_index(op.f(f"ix_message_{column}"), "message", [column])
    op.create_index("ix_message_due", "message", ["next_attempt_at"], sqlite_where=sa.text(DUE))


def _create_message_attempts() -> None:
    op.create_table(
        "message_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        moment("at", nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        reference("message_attempt", "message_id", "message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempt")),
    )
    op.create_index(op.f("ix_message_attempt_message_id"), "message_attempt", ["message_id"])
