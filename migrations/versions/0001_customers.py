"""Customers, how they are reached and sign in, their contracts, and the search terms."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def key_text(length: int) -> sa.String:
    """Text compared byte by byte, so that a prefix is a range of its index."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    _create_customer()
    _create_organisation()
    _create_search_term()
    _create_address()
    _create_authentication_profile()
    _create_authorised_person()
    _create_contract()
    _create_email_profile()
    _create_pass()
    _create_phone_profile()
    _create_representative()
    _create_phase()
    _create_phase_grant()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("phase_grant")
    op.drop_table("phase")
    op.drop_table("representative")
    op.drop_table("phone_profile")
    op.drop_table("pass")
    op.drop_table("email_profile")
    op.drop_table("contract")
    op.drop_table("authorised_person")
    op.drop_table("authentication_profile")
    op.drop_table("address")
    op.drop_table("search_term")
    op.drop_table("organisation")
    op.drop_table("customer")


def _create_customer() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(length=300), nullable=False),
        sa.Column("family_name", sa.String(length=300), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "inactive",
                "active",
                "suspended",
                "merged",
                "erased",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("takeover_flag", sa.Boolean(), nullable=False),
        sa.Column("email_cool_down_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone_cool_down_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)",
            name=op.f("ck_customer_merged_names_its_survivor"),
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["customer.id"], name=op.f("fk_customer_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_customer_merged_into_id"), "customer", ["merged_into_id"], unique=False)


def _create_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email_domain", sa.String(length=253), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )


def _create_search_term() -> None:
    op.create_table(
        "search_term",
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("term", key_text(320), nullable=False),
        sa.Column("customer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("kind", "term", "customer_id", name=op.f("pk_search_term")),
        sqlite_with_rowid=False,
    )


def _create_address() -> None:
    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_address_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    op.create_index(op.f("ix_address_customer_id"), "address", ["customer_id"], unique=False)
    op.create_index("ix_address_postcode_city", "address", ["postcode", "city"], unique=False)


def _create_authentication_profile() -> None:
    op.create_table(
        "authentication_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=320), nullable=False),
        sa.Column("canonical", key_text(320), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "placeholder",
                "active",
                "reset-required",
                "locked",
                "disabled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_before_lock", sa.String(length=32), nullable=True),
        sa.Column("credential_version", sa.Integer(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("failed_count >= 0", name=op.f("ck_authentication_profile_failed_count")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_authentication_profile_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authentication_profile")),
        sa.UniqueConstraint("canonical", name=op.f("uq_authentication_profile_canonical")),
    )
    op.create_index(
        op.f("ix_authentication_profile_customer_id"), "authentication_profile", ["customer_id"], unique=False
    )


def _create_authorised_person() -> None:
    op.create_table(
        "authorised_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(length=300), nullable=False),
        sa.Column("family_name", sa.String(length=300), nullable=False),
        sa.Column("relation", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_authorised_person_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorised_person")),
    )
    op.create_index(
        op.f("ix_authorised_person_customer_id"), "authorised_person", ["customer_id"], unique=False
    )


def _create_contract() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("canonical", key_text(60), nullable=False),
        sa.Column("reversed", key_text(60), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contract_customer_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contract_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("canonical", name=op.f("uq_contract_canonical")),
    )
    op.create_index(op.f("ix_contract_customer_id"), "contract", ["customer_id"], unique=False)
    op.create_index(op.f("ix_contract_organisation_id"), "contract", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_contract_reversed"), "contract", ["reversed"], unique=False)


def _create_email_profile() -> None:
    op.create_table(
        "email_profile",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("canonical", key_text(320), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unverified",
                "verified",
                "bouncing",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cool_down_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_email_profile_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_profile")),
    )
    op.create_index(op.f("ix_email_profile_canonical"), "email_profile", ["canonical"], unique=False)
    op.create_index(op.f("ix_email_profile_customer_id"), "email_profile", ["customer_id"], unique=False)
    op.create_index(
        "uq_email_profile_one_primary",
        "email_profile",
        ["customer_id"],
        unique=True,
        sqlite_where=sa.text("is_primary"),
        postgresql_where=sa.text("is_primary"),
    )


def _create_pass() -> None:
    op.create_table(
        "pass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("pass_id", sa.String(length=60), nullable=False),
        sa.Column("canonical", key_text(60), nullable=False),
        sa.Column("reversed", key_text(60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "suspended",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_pass_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass")),
        sa.UniqueConstraint("canonical", name=op.f("uq_pass_canonical")),
    )
    op.create_index(op.f("ix_pass_customer_id"), "pass", ["customer_id"], unique=False)
    op.create_index(op.f("ix_pass_reversed"), "pass", ["reversed"], unique=False)


def _create_phone_profile() -> None:
    op.create_table(
        "phone_profile",
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("canonical", key_text(20), nullable=False),
        sa.Column("reversed", key_text(20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unverified",
                "verified",
                "bouncing",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cool_down_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_phone_profile_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_profile")),
    )
    op.create_index(op.f("ix_phone_profile_canonical"), "phone_profile", ["canonical"], unique=False)
    op.create_index(op.f("ix_phone_profile_customer_id"), "phone_profile", ["customer_id"], unique=False)
    op.create_index(op.f("ix_phone_profile_reversed"), "phone_profile", ["reversed"], unique=False)
    op.create_index(
        "uq_phone_profile_one_primary",
        "phone_profile",
        ["customer_id"],
        unique=True,
        sqlite_where=sa.text("is_primary"),
        postgresql_where=sa.text("is_primary"),
    )


def _create_representative() -> None:
    op.create_table(
        "representative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(length=300), nullable=False),
        sa.Column("family_name", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_canonical", key_text(320), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("phone_canonical", key_text(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_representative_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representative")),
    )
    op.create_index(
        op.f("ix_representative_email_canonical"), "representative", ["email_canonical"], unique=False
    )
    op.create_index(
        op.f("ix_representative_organisation_id"), "representative", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_representative_phone_canonical"), "representative", ["phone_canonical"], unique=False
    )


def _create_phase() -> None:
    op.create_table(
        "phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "upcoming",
                "current",
                "done",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_phase_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
        sa.UniqueConstraint("contract_id", "position", name=op.f("uq_phase_contract_id_position")),
    )


def _create_phase_grant() -> None:
    op.create_table(
        "phase_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("representative_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"], name=op.f("fk_phase_grant_phase_id")),
        sa.ForeignKeyConstraint(
            ["representative_id"], ["representative.id"], name=op.f("fk_phase_grant_representative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_grant")),
        sa.UniqueConstraint(
            "phase_id", "representative_id", name=op.f("uq_phase_grant_phase_id_representative_id")
        ),
    )
    op.create_index(
        op.f("ix_phase_grant_representative_id"), "phase_grant", ["representative_id"], unique=False
    )
