"""Makes one-time codes and the keyed hashes by which the database knows them (R17, R19).

The key lies in a file beside the configuration, never in the database: whoever reads the database
could otherwise try a million codes in a second.
"""

import hashlib
import hmac
import os
import secrets
import stat
import unicodedata
from pathlib import Path

from db.errors import Unavailable

KEY_BYTES = 32
MAX_TYPED = 40


def new_code(digits: int) -> str:
    """Return a code of so many digits; every one is as likely as any other."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def plain_code(typed: str) -> str:
    """Return what was typed as digits, without the spaces and dashes that people put between them."""
    text = unicodedata.normalize("NFKC", typed[:MAX_TYPED])
    return "".join(char for char in text if not char.isspace() and char not in "-–—")


def hash_code(key: bytes, code_id: int, code: str) -> str:
    """Return the HMAC-SHA-256 of a code, in hex; bound to its row, so that two alike look different."""
    message = f"{code_id}:{code}".encode("utf-8", "surrogatepass")
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def load_key(path: Path) -> bytes:
    """Return the key in a file, which is made on first use: 0600 in a folder 0700.

    Raises `Unavailable` where the file is somebody else's, open to others, of another length, or
    cannot be read or made.
    """
    try:
        _create(path)
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(file.fileno())
            key = file.read(KEY_BYTES + 1)
    except OSError:
        raise _unusable("cannot be read or made") from None
    if found.st_uid != os.getuid():
        raise _unusable("belongs to somebody else")
    if not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
        raise _unusable("is open to others: set it to 0600")
    if len(key) != KEY_BYTES:
        raise _unusable(f"does not hold {KEY_BYTES} bytes: remove it, and codes on their way stop working")
    return key


def _create(path: Path) -> None:
    """Make the file whole or not at all, so that two programs starting at once agree on one key."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            return  # another was quicker, and its key holds
    finally:
        beside.unlink()


def _unusable(what: str) -> Unavailable:
    return Unavailable(f"The file with the key of one-time codes {what}.", code="code-key")
