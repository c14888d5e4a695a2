"""What every command needs to know first: which configuration, which database, and who acts."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from db.errors import RefusalCode, Refused, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.actor import Actor
    from db.engine import Database
    from tui.config import Config

Words = ParamSpec("Words")
Answer = TypeVar("Answer")
ROLES: Final = ("support", "lead", "admin", "auditor")
COMMAND_ROLE: Final = "admin"
"""The practice operator of commands, where none is named."""


@dataclass
class Setup:
    """The choices made before the command; nothing is read or opened until it is asked for."""

    config_file: Path | None = None
    in_sandbox: bool = False
    role: str | None = None
    mouse: bool = True
    read_only: bool = False
    _held: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def config(self) -> Config:
        """The configuration in force; raises `Invalid`."""
        from tui.config import load

        return load(self.config_file)

    @cached_property
    def sandbox_folder(self) -> Path | None:
        """The folder of the practice database, built if need be and held until the command ends."""
        if not self.in_sandbox:
            return None
        from tui.commands.sandbox import held
        from tui.config import sandbox_folder

        return self._held.enter_context(held(sandbox_folder()))

    @property
    def mailbox(self) -> Path | None:
        """Where the mails of the practice database go; None for the real one."""
        folder = self.sandbox_folder
        if folder is None:
            return None
        from seeds.folder import MAILBOX_FOLDER

        return folder / MAILBOX_FOLDER

    @property
    def code_key_file(self) -> Path:
        """Where the key of one-time codes is kept; the practice database has one of its own."""
        folder = self.sandbox_folder
        if folder is None:
            return self.config.code_key_file
        from seeds.folder import CODE_KEY_FILE

        return folder / CODE_KEY_FILE

    def code_key(self) -> bytes:
        """Return the key of one-time codes, made on first use; raises `Unavailable`."""
        from db.codes import load_key

        return load_key(self.code_key_file)

    @property
    def address(self) -> str:
        """The address of the database that the command works on."""
        folder = self.sandbox_folder
        if folder is None:
            return self.config.database_url
        from seeds.folder import DATABASE_FILE

        return f"sqlite:///{folder / DATABASE_FILE}"

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Open the database, whose schema fits; raises `Unavailable`."""
        from db.schema import open_database

        with self.remedied():
            database = open_database(self.address, read_only=self.read_only)
            try:
                yield database
            finally:
                database.close()

    @contextmanager
    def remedied(self) -> Iterator[None]:
        """Let a practice database that cannot be used be told with its own remedy, not with a backup."""
        try:
            yield
        except Unavailable as error:
            if not self.in_sandbox:
                raise
            from tui.commands.sandbox import with_own_remedy

            raise with_own_remedy(error) from None

    def actor(self, database: Database) -> Actor:
        """Return who acts: the role's practice operator, or the operator of this OS user (R50)."""
        from db.actor import Actor

        if self.in_sandbox:
            from seeds.builder import practice_operator

            return Actor(practice_operator(self.role or COMMAND_ROLE), session=_session())
        with database.reading() as connection:
            return Actor(operator_of(connection, os_user()), session=_session())

    def close(self) -> None:
        """Let go of the practice database."""
        self._held.close()


def pass_setup(command: Callable[Concatenate[Setup, Words], Answer]) -> Callable[Words, Answer]:
    """Give a command the choices made before it; the console itself has no use for click, and loads none."""

    @wraps(command)
    def with_setup(*words: Words.args, **named: Words.kwargs) -> Answer:
        from click import get_current_context

        context = get_current_context()
        setup = context.find_object(Setup)
        assert setup is not None
        return context.invoke(command, setup, *words, **named)

    return with_setup


def os_user() -> str:
    """Return the name of the user that this process runs as; the environment is not asked (R50)."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        raise Refused(
            f"The system has no name for user {number}, so no operator can be found. Ask an admin.",
            code=RefusalCode.PERMISSION,
        ) from None


def operator_of(connection: Connection, user: str) -> str:
    """Return the operator id of an OS user; raise `Refused` where there is none."""
    from db.queries.operators import list_operators, operator_of_os_user

    found = operator_of_os_user(connection, user)
    if found is not None and found.is_active:
        return found.id
    if not list_operators(connection):
        raise Refused(
            "There is no operator yet. Become the first admin with: latchkey operator add ID --name NAME",
            code=RefusalCode.PERMISSION,
        )
    raise Refused(
        f"The user {user} is no active operator here. Ask an admin to run: latchkey operator add",
        code=RefusalCode.PERMISSION,
    )


def _session() -> str:
    import secrets

    return f"cli-{secrets.token_hex(6)}"
