"""Operators, settings, interactions, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def key_text(length: int) -> sa.String:
    """Text compared byte by byte, so that a prefix is a range of its index."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    _create_rate_hit()
    _create_setting()
    _create_operator()
    _create_interaction()
    _create_link()
    _create_operator_key()
    _create_message()
    _create_note()
    _create_message_attempt()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("message_attempt")
    op.drop_table("note")
    op.drop_table("message")
    op.drop_table("operator_key")
    op.drop_table("link")
    op.drop_table("interaction")
    op.drop_table("operator")
    op.drop_table("setting")
    op.drop_table("rate_hit")


def _create_rate_hit() -> None:
    op.create_table(
        "rate_hit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bucket", key_text(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_hit")),
    )
    op.create_index("ix_rate_hit_bucket_at", "rate_hit", ["bucket", "at"], unique=False)


def _create_setting() -> None:
    op.create_table(
        "setting",
        sa.Column("key", key_text(60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )


def _create_operator() -> None:
    op.create_table(
        "operator",
        sa.Column("id", key_text(32), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "support",
                "lead",
                "admin",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("os_user", key_text(64), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "length(id) BETWEEN 1 AND 32 AND id = lower(id) AND substr(id, 1, 1) BETWEEN 'a' AND 'z' AND trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789_-') = ''",
            name=op.f("ck_operator_id_harmless"),
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_operator_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("os_user", name=op.f("uq_operator_os_user")),
    )
    op.create_index(op.f("ix_operator_customer_id"), "operator", ["customer_id"], unique=False)


def _create_interaction() -> None:
    op.create_table(
        "interaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", key_text(32), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("inbound_identifier", sa.String(length=320), nullable=True),
        sa.Column("ticket", sa.String(length=60), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('phone', 'chat', 'email', 'desk', 'back-office')",
            name=op.f("ck_interaction_channel"),
        ),
        sa.CheckConstraint(
            "direction IN ('inbound', 'outbound', 'none')", name=op.f("ck_interaction_direction")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_interaction_customer_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_interaction_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
    )
    op.create_index(op.f("ix_interaction_customer_id"), "interaction", ["customer_id"], unique=False)
    op.create_index(op.f("ix_interaction_operator_id"), "interaction", ["operator_id"], unique=False)


def _create_link() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "reset",
                "activation",
                "confirm",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("authentication_profile_id", sa.Integer(), nullable=True),
        sa.Column("email_profile_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("credential_version", sa.Integer(), nullable=False),
        sa.Column("lifetime_minutes", sa.Integer(), nullable=False),
        sa.Column("secret_hash", key_text(64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["authentication_profile_id"],
            ["authentication_profile.id"],
            name=op.f("fk_link_authentication_profile_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_link_customer_id")),
        sa.ForeignKeyConstraint(
            ["email_profile_id"],
            ["email_profile.id"],
            name=op.f("fk_link_email_profile_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_link_secret_hash")),
    )
    op.create_index(
        op.f("ix_link_authentication_profile_id"), "link", ["authentication_profile_id"], unique=False
    )
    op.create_index(op.f("ix_link_customer_id"), "link", ["customer_id"], unique=False)
    op.create_index(op.f("ix_link_email_profile_id"), "link", ["email_profile_id"], unique=False)


def _create_operator_key() -> None:
    op.create_table(
        "operator_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", key_text(32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("fingerprint", key_text(60), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_operator_key_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_operator_key_fingerprint")),
    )
    op.create_index(op.f("ix_operator_key_operator_id"), "operator_key", ["operator_id"], unique=False)


def _create_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", key_text(16), nullable=False),
        sa.Column("idempotency_key", key_text(80), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "reset",
                "activation",
                "confirm",
                "notice-old",
                "notice-new",
                "notice-security",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                "void",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_message_customer_id")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_message_link_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_message_idempotency_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_message_reference")),
    )
    op.create_index(op.f("ix_message_customer_id"), "message", ["customer_id"], unique=False)
    op.create_index(
        "ix_message_due",
        "message",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.create_index(op.f("ix_message_link_id"), "message", ["link_id"], unique=False)


def _create_note() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("operator_id", key_text(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_note_customer_id")),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], name=op.f("fk_note_interaction_id")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_note_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_customer_id"), "note", ["customer_id"], unique=False)
    op.create_index(op.f("ix_note_interaction_id"), "note", ["interaction_id"], unique=False)
    op.create_index(op.f("ix_note_operator_id"), "note", ["operator_id"], unique=False)


def _create_message_attempt() -> None:
    op.create_table(
        "message_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_attempt_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempt")),
    )
    op.create_index(op.f("ix_message_attempt_message_id"), "message_attempt", ["message_id"], unique=False)
