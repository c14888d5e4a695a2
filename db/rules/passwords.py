"""Checks a password that a customer chooses: length and blocklist, nothing else (R24)."""

import re
import unicodedata
from collections.abc import Iterable

from db.rules import Malformed

MIN_LENGTH, MAX_LENGTH = 8, 128
"""Characters after NFKC (NIST SP 800-63B-4 §3.1.1); what is longer is refused, never cut."""

_MAX_TYPED = 4 * MAX_LENGTH
_MIN_CONTEXT = 4
_MAX_CONTEXT = 254


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What people choose most, by its core: digits and signs around a word do not make it another password.
_COMMON = _listed(
    """
    password passwort passw0rd p@ssword p@ssw0rd pa55word pass1234 password1 password123 passwordpassword
    qwertyui qwertyuiop qwerty123 qwerty1234 qwertyqwerty qwertz qwertzui qwertzuiop azertyuiop asdfghjk
    asdfghjkl asdfasdf zxcvbnm zxcvbnma 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5
    qazwsxedc qazwsx abcdefgh abcdefghi abcd1234 abc12345 a1b2c3d4 aa123456 abcabcabc 12345678 123456789
    1234567890 0123456789 01234567 87654321 987654321 9876543210 0987654321 12341234 12344321 11223344
    1122334455 12121212 123123123 147258369 741852963 789456123 123654789 159753 31415926 19841984 20202020
    letmein letmeinnow welcome welcomeback welcometo iloveyou iloveyouso trustno football baseball
    basketball superman batman spiderman starwars princess sunshine sunflower butterfly chocolate computer
    internet samsung whatever michelle jennifer jonathan alexander elizabeth charlotte dragon monkey shadow
    master killer freedom michael jordan harley ashley daniel hunter soccer hockey summer winter spring
    autumn january february september october november december changeme changeit default secret security
    administrator admin adminadmin guest login loginlogin testtest testing tester access unknown pokemon
    liverpool chelsea arsenal barcelona mustang corvette ferrari mercedes yankees cowboys lakers steelers
    phoenix blink182 charlie jessica correcthorsebatterystaple latchkey sandbox customer support
    """
)
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_WORDS = re.compile(r"[^\W_]+")


def check_password(candidate: str, *, context: Iterable[str] = ()) -> str:
    """The password as it is to be hashed (NFKC), or `Malformed`.

    `context` is what an attacker would try first: the customer's names, username, email and pass ids.
    """
    if len(candidate) > _MAX_TYPED:
        raise _refused(f"This password is longer than {MAX_LENGTH} characters. Choose a shorter one.")
    password = unicodedata.normalize("NFKC", candidate)
    if len(password) < MIN_LENGTH:
        raise _refused(f"This password is shorter than {MIN_LENGTH} characters. Choose a longer one.")
    if len(password) > MAX_LENGTH:
        raise _refused(f"This password is longer than {MAX_LENGTH} characters. Choose a shorter one.")
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in password):
        raise _refused("There is a control character in this password. Type it instead of pasting it.")
    folded = password.casefold()
    forms = {folded, _EDGES.sub("", folded)} - {""}
    if len(set(folded)) == 1 or forms & _COMMON:
        raise _refused("This password is among the most common ones. Choose one that nobody would guess.")
    if forms & _context_words(context):
        raise _refused("This password is the customer's own name or identifier. Choose another one.")
    return password


def _context_words(context: Iterable[str]) -> set[str]:
    """Each value whole, and each word of it that is long enough to be the whole of a password."""
    words: set[str] = set()
    for value in context:
        folded = unicodedata.normalize("NFKC", value[:_MAX_CONTEXT]).casefold()
        parts = [folded, folded.partition("@")[0], "".join(_WORDS.findall(folded)), *_WORDS.findall(folded)]
        words.update(part for part in parts if len(part) >= _MIN_CONTEXT)
        words.update(core for part in parts if len(core := _EDGES.sub("", part)) >= _MIN_CONTEXT)
    return words


def _refused(sentence: str) -> Malformed:
    return Malformed(sentence, field="password")
