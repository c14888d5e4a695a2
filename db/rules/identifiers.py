"""Reads the other identifiers: usernames, pass ids, contract and customer numbers, references, operators."""

import re
import unicodedata

from db.rules import Malformed
from db.rules.email import MAX_LENGTH as MAX_EMAIL
from db.rules.email import SHIPPED_RULES, EmailRules, fold_case, parse_email, refuse_invisible

MAX_USERNAME = 64
MIN_CODE, MAX_CODE = 4, 32

OPERATOR_ID_PATTERN = "^[a-z][a-z0-9_-]{0,31}$"
"""As R46 gives it, for the CHECK of the table; code asks `is_operator_id`, where `$` admits no newline."""

REFERENCE_BYTES = 5
"""Random bytes behind a message reference: 40 bits are eight characters."""

MAX_REFERENCES = 50

# Crockford's base 32: no I, L, O or U, and what is read as one of the first three is taken for 1, 1 and 0.
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
_DASH = "[-\u2010-\u2015]"
_FOUR = "([0-9A-Za-z]{4})"
_REFERENCE = re.compile(rf"(?<![0-9A-Za-z])[Ll][Kk]{_DASH}{_FOUR}{_DASH}{_FOUR}(?![0-9A-Za-z])")
# As it is read out and typed: any case, with or without the dashes, in groups or letter by letter.
_FILLERS = r"[\s.\-\u2010-\u2015]*"
_TYPED_REFERENCE = re.compile(rf"[Ll]{_FILLERS}[Kk]((?:{_FILLERS}[0-9A-Za-z]){{8}})")
MAX_TYPED_REFERENCE = 40
# A mail that was forwarded may be wrapped in the middle of a word (quoted-printable, RFC 2045 §6.7).
_SOFT_BREAK = re.compile(r"=\r?\n")

_CUSTOMER_NUMBER = re.compile(r"[Cc] ?-? ?([0-9]{1,18})")
_CODE = re.compile(r"[0-9A-Za-z]+")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_CODE_FILLERS = re.compile(r"[ \-\u2010-\u2015]+")


def parse_username(typed: str, rules: EmailRules = SHIPPED_RULES, field: str = "username") -> str:
    """The canonical username: NFKC, case-folded, 1 to `MAX_USERNAME` characters without spaces.

    An email address may be a username (P1, fix 1c); the email rules then apply. Raises `Malformed`.
    """
    text = typed.strip(" ")
    if not text:
        raise Malformed("No username was entered. Type one, or the customer's email address.", field=field)
    if len(text) > MAX_EMAIL:
        raise _username_too_long(field)
    refuse_invisible(text, field)
    if "@" in unicodedata.normalize("NFKC", text):
        return parse_email(text, rules, field).canonical
    canonical = unicodedata.normalize("NFKC", fold_case(unicodedata.normalize("NFKC", text)))
    if any(char.isspace() for char in canonical):
        raise Malformed("A username has no spaces. Remove them.", field=field)
    if len(canonical) > MAX_USERNAME:
        raise _username_too_long(field)
    return canonical


def parse_pass_id(typed: str, field: str = "pass") -> str:
    """The canonical pass id: ASCII letters and digits in upper case, 4 to 32, spaces and dashes dropped."""
    return _parse_code(typed, "pass id", field)


def without_zeros(canonical: str) -> str:
    """A pass id as it is compared with others of one customer: leading zeros of its numbers are left out.

    A card typed with and without them is the same card enrolled twice.
    """
    return _LEADING_ZEROS.sub("", canonical.upper())


def parse_contract_number(typed: str, field: str = "contract") -> str:
    """The canonical contract number, in the same form as a pass id."""
    return _parse_code(typed, "contract number", field)


def parse_customer_number(text: str) -> int | None:
    """The id in `C-1042`, written in any case and spacing; None for anything else, bare digits included."""
    if len(text) > MAX_USERNAME:
        return None
    match = _CUSTOMER_NUMBER.fullmatch(text.strip())
    return (int(match.group(1)) or None) if match else None


def format_customer_number(customer_id: int) -> str:
    """`C-1042`."""
    return f"C-{customer_id}"


def format_reference(random_bytes: bytes) -> str:
    """The message reference of exactly `REFERENCE_BYTES` bytes, such as `LK-7F3K-2M9Q`; it is no secret."""
    if len(random_bytes) != REFERENCE_BYTES:
        raise Malformed(f"A message reference is made of {REFERENCE_BYTES} bytes.", field="reference")
    number = int.from_bytes(random_bytes, "big")
    letters = "".join(_CROCKFORD[number >> shift & 31] for shift in range(35, -1, -5))
    return f"LK-{letters[:4]}-{letters[4:]}"


def parse_reference(typed: str) -> str | None:
    """The message reference that a text is, however it is typed; None for anything else.

    `lk zr02nyt3` is `LK-ZR02-NYT3`; what is misread is put right, O as 0, I and L as 1.
    """
    text = typed.strip()
    match = _TYPED_REFERENCE.fullmatch(text) if len(text) <= MAX_TYPED_REFERENCE else None
    if match is None:
        return None
    letters = "".join(char for char in match[1].upper() if char.isalnum()).translate(_MISREAD)
    return None if "U" in letters else f"LK-{letters[:4]}-{letters[4:]}"


def find_references(text: str) -> list[str]:
    """The message references in a pasted mail, each once, in order, misread letters put right.

    In a mail they stand as they were printed; a text that is nothing else may be typed any way.
    """
    typed = parse_reference(text)
    if typed is not None:
        return [typed]
    found: dict[str, None] = {}
    for match in _REFERENCE.finditer(_SOFT_BREAK.sub("", text)):
        halves = [half.upper().translate(_MISREAD) for half in match.groups()]
        if "U" not in "".join(halves):
            found["LK-" + "-".join(halves)] = None
        if len(found) == MAX_REFERENCES:
            break
    return list(found)


def is_operator_id(text: str) -> bool:
    """Whether a text is an operator id (R46)."""
    return re.fullmatch(OPERATOR_ID_PATTERN.strip("^$"), text) is not None


def parse_operator_id(typed: str, field: str = "operator") -> str:
    """An operator id exactly as typed, or `Malformed`: nothing is trimmed, it ends up in key lines."""
    if not is_operator_id(typed):
        raise Malformed(
            "An operator id starts with a small letter a–z, followed by up to 31 of a–z, 0–9, _ and -. "
            "Choose another one.",
            field=field,
        )
    return typed


def _username_too_long(field: str) -> Malformed:
    return Malformed(
        f"This username is longer than {MAX_USERNAME} characters. Choose a shorter one.", field=field
    )


def _parse_code(typed: str, what: str, field: str) -> str:
    # Each group of characters may come with a filler, hence twice the length and no more.
    plain = _CODE_FILLERS.sub("", unicodedata.normalize("NFKC", typed[: 2 * MAX_CODE + 1]))
    if len(typed) > 2 * MAX_CODE or not MIN_CODE <= len(plain) <= MAX_CODE:
        raise Malformed(
            f"A {what} has {MIN_CODE} to {MAX_CODE} letters and digits. Read it back to the customer.",
            field=field,
        )
    if not _CODE.fullmatch(plain):
        raise Malformed(f"A {what} has only the letters A–Z and digits. Remove the other signs.", field=field)
    return plain.upper()
