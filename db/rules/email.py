"""Reads email addresses: what is accepted, the canonical form to compare by, and the mask."""

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.rules import Malformed

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

MAX_LENGTH = 254
"""Characters of a whole address (RFC 5321 §4.5.3.1.3, with RFC 3696 erratum 1690)."""

_GMAIL_DOMAINS = frozenset({"gmail.com", "googlemail.com"})

_SEPARATORS = "._-+"

_BULLET = "•"

# Shown as nothing or as a blank although Unicode calls them letters, marks or symbols.
_BLANK_LOOKING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for block in ((0x180B, 0x1810), (0xFE00, 0xFE10), (0xE0100, 0xE01F0)) for code in range(*block)
}

# Letters that print like an ASCII letter in common fonts (the pairs that UTS #39 lists for these scripts).
_LOOK_ALIKES = str.maketrans(
    "аехорсуѕіјԁһԛԝӏѵАВЕЗІЈКМНОРСТХУЅαγινορσυΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսհցզıɑɡɩȷſꞌ",
    "aexopcysijdhqwlvABE3IJKMHOPCTXYSayivopouABEZHIKMNOPTYXonuhgqiagijf'",
)

# Scripts that one word may mix (UTS #39 §5.2, "highly restrictive").
_SCRIPTS_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)


@dataclass(frozen=True)
class EmailRules:
    """Which further normalisations apply when addresses are compared (P4; both off as shipped)."""

    plus_tags: bool = False
    gmail_dots: bool = False


@dataclass(frozen=True)
class EmailAddress:
    """An accepted address: `typed` without outer spaces, `canonical`, and `domain` in IDNA ASCII."""

    typed: str
    canonical: str
    domain: str


SHIPPED_RULES = EmailRules()


def parse_email(typed: str, rules: EmailRules = SHIPPED_RULES, field: str = "email") -> EmailAddress:
    """Accept an address or raise `Malformed`.

    Reserved test domains (`.test`, `.example`, example.com; RFC 2606) are accepted: the sandbox lives there.
    `.invalid`, `.local` and `.localhost` are not: no mail ever arrives there.
    """
    text = typed.strip(" ")
    _refuse_bad_shape(text, field)
    checked = _validated(text, field)
    local, _, domain_typed = unicodedata.normalize("NFC", text).rpartition("@")
    # email-validator reports the domain in Unicode, so that xn-- labels are judged by what they look like.
    for part in (local, local.casefold(), *domain_typed.split("."), *checked.domain.split(".")):
        _refuse_look_alike(part, field)
    domain = checked.ascii_domain.lower()
    canonical = f"{_canonical_local(fold_case(checked.local_part), domain, rules)}@{domain}"
    if len(canonical) > MAX_LENGTH:
        raise _too_long(field)
    return EmailAddress(typed=text, canonical=canonical, domain=domain)


def fold_case(text: str) -> str:
    """Caseless form that stays the same when folded again (Unicode §3.13, canonical caseless matching)."""
    once = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFC", once.casefold())


def refuse_invisible(text: str, field: str) -> None:
    """Raise `Malformed` for what a person cannot see: controls, zero-width, bidi, half surrogates."""
    if text.isascii() and text.isprintable():
        return
    for char in text:
        if char in _BLANK_LOOKING or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            raise Malformed(
                "There is an invisible or control character in it. Type it by hand instead of pasting it.",
                field=field,
            )


def email_tails(canonical: str) -> tuple[str, ...]:
    """The endings an address is also found by: after each separator of the local part, and the domain.

    `joan.anderson@x.org` gives `anderson@x.org` and `x.org`. What is no address gives none.
    """
    local, at, domain = canonical.lower().rpartition("@")
    if not at or not domain or len(canonical) > MAX_LENGTH:
        return ()
    starts = [index + 1 for index, char in enumerate(local) if char in _SEPARATORS]
    tails = [f"{local[start:]}@{domain}" for start in starts if local[start:].strip(_SEPARATORS)]
    return tuple(dict.fromkeys([*tails, domain]))


def mask_email(address: str) -> str:
    """`ja•••••••@g••••.com`: enough to recognise, and the number of bullets tells nothing."""
    local, at, domain = address[:MAX_LENGTH].rpartition("@")
    name, dot, ending = domain.rpartition(".")
    if not at or not dot:
        return _BULLET * 7
    shown = 2 if len(local) > 3 else 1
    return f"{local[:shown]}{_BULLET * 7}@{name[:1]}{_BULLET * 4}.{ending}"


def _too_long(field: str) -> Malformed:
    return Malformed(
        f"This email address is longer than {MAX_LENGTH} characters. Enter the address alone.",
        field=field,
    )


def _refuse_bad_shape(text: str, field: str) -> None:
    """Name the mistakes that operators and pastes really make, before the library gives its verdict."""
    if not text:
        raise Malformed("No email address was entered. Type one, such as joan@example.com.", field=field)
    if len(text) > MAX_LENGTH:
        raise _too_long(field)
    refuse_invisible(text, field)
    if any(char.isspace() for char in text):
        raise Malformed("There is a space inside this email address. Remove it.", field=field)
    if text.count("@") > 1:
        raise Malformed(
            "There is more than one @ in this. Enter one email address alone, without a name.", field=field
        )
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        raise Malformed("This email address is not complete. Enter a name, an @ and a domain.", field=field)
    if domain.endswith((".", "。", "．", "｡")):
        raise Malformed("This email address ends with a dot. Remove the dot.", field=field)
    if "," in domain or ".." in domain:
        raise Malformed(
            "There is a comma or a doubled dot after the @. Put one dot between the parts.", field=field
        )
    if "." not in unicodedata.normalize("NFKC", domain).replace("。", "."):
        raise Malformed("The domain after the @ has no ending. Add it, such as .com.", field=field)


def _validated(text: str, field: str) -> "ValidatedEmail":
    from email_validator import validate_email  # slow to load, and a search seldom asks for it

    try:
        return validate_email(text, allow_smtputf8=True, check_deliverability=False, test_environment=True)
    except ValueError as error:  # the library's own refusals, and Unicode errors from IDNA below it
        raise Malformed(
            "This is not an email address that mail can be sent to. Spell it out with the customer.",
            field=field,
        ) from error


def _refuse_look_alike(part: str, field: str) -> None:
    """Refuse a local part or domain label that passes for another one (A31; UTS #39)."""
    if part.isascii():
        return
    scripts = {script for char in part if (script := _script(char))}
    mixed = len(scripts) > 1 and not any(scripts <= together for together in _SCRIPTS_TOGETHER)
    symbols = any(not char.isascii() and unicodedata.category(char)[0] in "PSZ" for char in part)
    # Full-width, mathematical and similar copies of letters: IDNA maps those of domains, nobody the others.
    copies = unicodedata.normalize("NFKC", part) != unicodedata.normalize("NFC", part)
    if mixed or symbols or copies or part.translate(_LOOK_ALIKES).isascii():
        raise Malformed(
            "Letters in this email address only look like others, or mix two alphabets. "
            "Type the address by hand, as the customer spells it.",
            field=field,
        )


def _script(char: str) -> str | None:
    """The script of a letter or digit by its Unicode name; None for ASCII digits and combining marks."""
    if char.isascii():
        return "LATIN" if char.isalpha() else None
    name = unicodedata.name(char, "")
    first = name.replace("-", " ").partition(" ")[0]
    if first == "COMBINING":
        return None
    return {"IDEOGRAPHIC": "CJK", "EXTENDED": "ARABIC"}.get(first, first)


def _canonical_local(local: str, domain: str, rules: EmailRules) -> str:
    if rules.plus_tags:
        local = local.partition("+")[0] or local
    if rules.gmail_dots and domain in _GMAIL_DOMAINS:
        local = local.replace(".", "")
    return local
