"""The people who use the console, their keys, and the settings that admins edit."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, Base, choice, key_text
from db.models.merge_policy import Move, Stay
from db.rules.roles import Role


class Operator(Base):
    """A person who uses the console; the id is made of harmless characters only (R46)."""

    __tablename__ = "operator"
    __merge__ = Move("Whose own record it was, that is now the survivor (R36).")
    __table_args__ = (
        CheckConstraint(
            "length(id) BETWEEN 1 AND 32 AND id = lower(id) AND "
            "substr(id, 1, 1) BETWEEN 'a' AND 'z' AND "
            "trim(id, 'abcdefghijklmnopqrstuvwxyz0123456789_-') = ''",
            name="id_harmless",
        ),
    )

    id: Mapped[str] = mapped_column(key_text(32), primary_key=True)
    display_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    os_user: Mapped[str | None] = mapped_column(key_text(64), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)
    version: Mapped[int] = mapped_column(default=1, info=DERIVED)


class OperatorKey(Base):
    """An SSH public key that signs an operator in, rebuilt from its parsed parts (R46)."""

    __tablename__ = "operator_key"
    __merge__ = Stay("Hangs on its operator.")

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    public_key: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(key_text(60), unique=True)
    valid_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)


class Setting(Base):
    """One edited policy value as JSON; what is not here has its shipped value."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(key_text(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, info=DERIVED)
