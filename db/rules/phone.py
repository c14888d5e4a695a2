"""Reads phone numbers: what is accepted, the canonical E.164 form, search digits and the masked form."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from db.rules import Malformed

MAX_LENGTH = 40
"""Characters of a typed number; 15 digits (E.164) leave ample room for spaces and brackets."""

SEARCH_DIGITS = 4
"""The fewest digits that are a phone search: fewer would be a guessing oracle on masked numbers (R25)."""

_SIGNS = frozenset("+-.()/ ")

# 555-0100 to 555-0199 are kept free for fiction in every area code of North America.
_FICTIONAL = re.compile(r"\+1[2-9][0-9]{2}55501[0-9]{2}")

_REASONS = {
    ValidationResult.TOO_SHORT: "This phone number is too short. Ask for the missing digits.",
    ValidationResult.TOO_LONG: "This phone number has too many digits. Read it back to the customer.",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "The number is too short, or its area code is missing."
    " Enter all of its digits.",
    ValidationResult.INVALID_COUNTRY_CODE: "The country code does not exist. Check the digits after the +.",
}

_NOT_A_NUMBER = "This is not a phone number. Enter its digits, such as (415) 555-0142."


@dataclass(frozen=True)
class PhoneNumber:
    """An accepted number: as typed, E.164, its digits without the plus, and these reversed."""

    typed: str
    canonical: str
    digits: str
    reversed_digits: str


def parse_phone(typed: str, region: str = "US", field: str = "phone") -> PhoneNumber:
    """Accept a number or raise `Malformed`; `region` (ISO 3166) is assumed where no country code is given."""
    text = typed.strip(" ")
    plain = _plain(text, field)
    try:
        number = phonenumbers.parse(plain, region)
    except NumberParseException as error:
        raise Malformed(_parse_reason(error), field=field) from error
    canonical = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not _FICTIONAL.fullmatch(canonical):
        possible = phonenumbers.is_possible_number_with_reason(number)
        if possible != ValidationResult.IS_POSSIBLE:
            raise Malformed(_REASONS.get(possible, _NOT_A_NUMBER), field=field)
        if not phonenumbers.is_valid_number(number):
            raise Malformed(
                "No such phone number is in use in its country. Read it back to the customer.", field=field
            )
    digits = canonical.removeprefix("+")
    return PhoneNumber(typed=text, canonical=canonical, digits=digits, reversed_digits=digits[::-1])


def search_digits(text: str) -> str | None:
    """The digits of a query that looks like a phone number or part of one; None for anything else."""
    if len(text) > MAX_LENGTH:
        return None
    plain = _ascii_signs(text)
    digits = "".join(char for char in plain if _is_ascii_digit(char))
    if len(digits) < SEARCH_DIGITS or any(char not in _SIGNS and not _is_ascii_digit(char) for char in plain):
        return None
    return digits


def mask_phone(number: str) -> str:
    """`(•••) •••-0142` for North America, `•••• 0958` elsewhere; nothing is shown of very short numbers."""
    text = _ascii_signs(number[:MAX_LENGTH])
    digits = "".join(char for char in text if _is_ascii_digit(char))
    if len(digits) < 7:
        return "••••"
    national = len(digits) == 11 and digits.startswith("1")
    if national or (len(digits) == 10 and not text.startswith("+")):
        return f"(•••) •••-{digits[-4:]}"
    return f"•••• {digits[-4:]}"


def _is_ascii_digit(char: str) -> bool:
    return "0" <= char <= "9"


def _ascii_signs(text: str) -> str:
    """Full-width and other digits, dashes and spaces as their ASCII equals."""
    signs = []
    for char in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(char)
        if category == "Nd":
            signs.append(str(unicodedata.digit(char)))
        elif category == "Pd" or char == "\u2212":
            signs.append("-")
        else:
            signs.append(" " if category == "Zs" else char)
    return "".join(signs)


def _plain(text: str, field: str) -> str:
    if not text:
        raise Malformed("No phone number was entered. Type it with its area code.", field=field)
    if len(text) > MAX_LENGTH:
        raise Malformed(
            f"This is longer than {MAX_LENGTH} characters. Enter one phone number alone.", field=field
        )
    plain = _ascii_signs(text)
    if re.search(r"[0-9)\s.,;](x|ext|#|\*|,|;)[^0-9]*[0-9]", plain, re.IGNORECASE):
        raise Malformed(
            "There is an extension in this phone number. Leave it out, and write it in a note.",
            field=field,
        )
    if any(char not in _SIGNS and not _is_ascii_digit(char) for char in plain):
        raise Malformed(_NOT_A_NUMBER, field=field)
    return plain


def _parse_reason(error: NumberParseException) -> str:
    if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        return "The country is not known. Start with + and the country code, such as +1."
    if error.error_type == NumberParseException.TOO_LONG:
        return _REASONS[ValidationResult.TOO_LONG]
    return _NOT_A_NUMBER
