"""Finds out what is configured: the database, the link host, mail server, SMS gateway, and where files live.

Order: the file that `--config` names, then the environment, then the user's own `latchkey.toml`, then
the shipped default. The environment never says who the operator is (R50).
"""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import platformdirs

from db.errors import Invalid

APP: Final = "latchkey"
FILE_NAME: Final = "latchkey.toml"
CODE_KEY_FILE: Final = "code.key"
MAX_BYTES: Final = 1_000_000
"""Of a configuration file; one with every key in it has a thousandth of that."""
ENVIRONMENT: Final = {
    "database_url": "LATCHKEY_DATABASE_URL",
    "link_host": "LATCHKEY_LINK_HOST",
    "smtp_url": "LATCHKEY_SMTP_URL",
    "sms_url": "LATCHKEY_SMS_URL",
    "code_key_file": "LATCHKEY_CODE_KEY_FILE",
}
_LINK_HOST: Final = re.compile(r"https://[a-z0-9.-]+(:[0-9]+)?")
_UNKNOWN_KEY: Final = re.compile(r"unknown field `([^`]+)`")


class FileConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a configuration file may hold; every key may be left out."""

    database_url: str | None = None
    """`sqlite:///FILE` or `postgresql://USER@HOST/NAME`."""
    link_host: str | None = None
    """Where links in mails lead, such as `https://account.example.com`; overrides the setting (R23)."""
    smtp_url: str | None = None
    """`smtp://USER@HOST:PORT` (STARTTLS) or `smtps://…`."""
    sms_url: str | None = None
    """An apprise address of an SMS gateway with `{phone}` in it; several, with spaces between, are tried."""
    code_key_file: str | None = None
    """The file of the key that one-time codes are kept under (R19), the same for every worker and portal."""


@dataclass(frozen=True)
class Config:
    """What is in force; `origins` says for each value where it came from."""

    database_url: str
    link_host: str | None
    smtp_url: str | None
    sms_url: str | None
    code_key_file: Path
    file: Path
    origins: Mapping[str, str]


def load(named: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Read the configuration; raise `Invalid` where a file or a value cannot be used."""
    env = os.environ if environ is None else environ
    own = platformdirs.user_config_path(APP) / FILE_NAME
    file = own if named is None else named
    written = _read(file, required=named is not None)
    from_file = {key: getattr(written, key) for key in ENVIRONMENT if getattr(written, key) is not None}
    from_environment = {key: env[name] for key, name in ENVIRONMENT.items() if env.get(name)}
    default = {"database_url": default_database_url(), "code_key_file": str(default_code_key_file())}
    layers = [("default", default), ("file", from_file), ("environment", from_environment)]
    if named is not None:
        layers[1], layers[2] = layers[2], layers[1]
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for origin, layer in layers:
        values.update(layer)
        origins.update(dict.fromkeys(layer, origin))
    _check_link_host(values.get("link_host"))
    return Config(
        database_url=values["database_url"],
        link_host=values.get("link_host"),
        smtp_url=values.get("smtp_url"),
        sms_url=values.get("sms_url"),
        code_key_file=Path(values["code_key_file"]).expanduser().absolute(),
        file=file,
        origins=origins,
    )


def default_database_url() -> str:
    """The SQLite file that is used where nothing is configured."""
    return f"sqlite:///{platformdirs.user_data_path(APP) / 'latchkey.db'}"


def default_code_key_file() -> Path:
    """Where the key of one-time codes is kept where nothing is configured."""
    return platformdirs.user_data_path(APP) / CODE_KEY_FILE


def sandbox_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The one folder that the sandbox lives in."""
    named = (os.environ if environ is None else environ).get("LATCHKEY_SANDBOX_DIR")
    return Path(named).expanduser().absolute() if named else platformdirs.user_data_path(APP) / "sandbox"


def incident_folder() -> Path:
    """Where the redacted accounts of unexpected errors go (R39)."""
    return platformdirs.user_state_path(APP) / "incidents"


def _read(file: Path, *, required: bool) -> FileConfig:
    try:
        text = _content(file)
    except FileNotFoundError:
        if not required:
            return FileConfig()
        raise Invalid(
            f"There is no configuration file {file}. Check the path after --config.", code="config"
        ) from None
    except OSError:
        raise Invalid(
            f"The configuration file {file} cannot be read. Check whose it is and its mode.", code="config"
        ) from None
    try:
        return msgspec.toml.decode(text, type=FileConfig)
    except msgspec.ValidationError as error:
        raise _explained(file, error) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid(
            f'The configuration file {file} is not TOML. Write lines like: database_url = "sqlite:///FILE"',
            code="config",
        ) from None


def _content(file: Path) -> bytes:
    """Return what a file holds; a pipe or a device, which may never end, is not even waited for."""
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Invalid(
                f"The configuration {file} is not a regular file. Name a file after --config.", code="config"
            )
        text = opened.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise Invalid(
            f"The configuration file {file} is larger than 1 MB, so it is none. Check the path.",
            code="config",
        )
    return text


def _explained(file: Path, error: msgspec.ValidationError) -> Invalid:
    unknown = _UNKNOWN_KEY.search(str(error))
    if unknown:
        known = ", ".join(ENVIRONMENT)
        return Invalid(
            f"The configuration file {file} has an unknown key {unknown.group(1)!r}. Known are: {known}.",
            field=unknown.group(1),
            code="config",
        )
    place = re.search(r"\$\.([a-z_]+)", str(error))
    key = place.group(1) if place else "a value"
    return Invalid(
        f"In the configuration file {file}, {key} must be text in quotes.",
        field=place.group(1) if place else None,
        code="config",
    )


def _check_link_host(host: str | None) -> None:
    if host is not None and not _LINK_HOST.fullmatch(host):
        raise Invalid(
            "The configured link host cannot be used: write https:// and a host, nothing after it (R23).",
            field="link_host",
            code="config",
        )
