"""The specification of search stated once more, plainly: a scan of every customer.

It shares nothing with the product's look-up but the folding of names and how they sound.
"""

from db.rules.names import fold
from tests.search.people import Person, words_of
from tests.search.unlike import unlike

SEPARATORS = "._-+@"


def _digits(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) >= 4


def _number(scope: str, word: str) -> str:
    """The digits of what may be the beginning of a customer number; bare ones are so only after `id:`."""
    plain = word.lower().removeprefix("c-" if scope in ("any", "id") else "")
    begins = plain.isdigit() and plain[0] != "0" and (scope == "id" or plain != word.lower())
    return plain if begins and plain.isascii() else ""


def _is_identifier(person: Person, scope: str, word: str) -> bool:
    """A whole email, phone (with its area code), username, pass id or customer number."""
    plain = word.lower()
    return any(
        (
            scope in ("any", "id") and word == str(person.id),
            _number(scope, word) == str(person.id),
            scope in ("any", "email") and plain in person.emails,
            scope in ("any", "phone") and word in person.phones,
            scope in ("any", "user") and plain in person.usernames,
            scope in ("any", "pass") and word.upper() in person.passes,
        )
    )


def _name_parts(scope: str, word: str) -> list[str]:
    if scope == "name" or (scope == "any" and "@" not in word and not _digits(word)):
        return words_of(word)
    return []


def _spelt_parts(scope: str, word: str) -> list[str]:
    """The parts of what may be a misspelt name: a word with a digit is none."""
    parts = _name_parts(scope, word)
    return [] if any(char.isdigit() for part in parts for char in part) else parts


def _is_name(person: Person, scope: str, word: str) -> bool:
    parts, held = _name_parts(scope, word), searched_words(person)
    return bool(parts) and all(any(name.startswith(part) for name in held) for part in parts)


def searched_words(person: Person) -> list[str]:
    """The words of the name; one with an apostrophe or hyphen also written together."""
    together = [
        fold(name).replace("'", "").replace("-", "") for name in (person.given_name, person.family_name)
    ]
    return person.name_words + [word for name in together for word in words_of(name)]


def _is_part(person: Person, scope: str, word: str) -> bool:
    """The start of an email or of a part of it, either end of a phone or pass, the start of a username."""
    plain, code = word.lower(), word.upper()
    national = "1" + word
    is_code = len(code) >= 4 and code.isascii() and code.isalnum()
    is_code = is_code and (scope == "pass" or any(char.isdigit() for char in code))
    return any(
        (
            scope in ("any", "email") and any(_starts_in(email, plain) for email in person.emails),
            scope in ("any", "phone")
            and _digits(word)
            and any(
                f"1{line}".endswith(word) or f"1{line}".startswith((word, national)) for line in person.phones
            ),
            scope in ("any", "user") and any(name.startswith(plain) for name in person.usernames),
            scope in ("any", "pass")
            and is_code
            and any(card.startswith(code) or card.endswith(code) for card in person.passes),
            (number := _number(scope, word)) and str(person.id).startswith(number),
        )
    )


def _starts_in(email: str, plain: str) -> bool:
    """At the start, after a separator of the local part, or after the @; dots of the domain start nothing."""
    starts = [0] + [at + 1 for at in range(email.index("@") + 1) if email[at] in SEPARATORS]
    return any(email[at:].startswith(plain) for at in starts)


def _is_city(person: Person, query: list[tuple[str, str]], at: int) -> bool:
    """The starts of words of the city; without a prefix only beside another word."""
    scope, word = query[at]
    parts = words_of(word) if scope == "city" else _name_parts(scope, word) if len(query) > 1 else []
    return bool(parts) and all(any(held.startswith(part) for held in words_of(person.city)) for part in parts)


def _matches(person: Person, query: list[tuple[str, str]], at: int) -> bool:
    word = query[at]
    return (
        _is_identifier(person, *word)
        or _is_name(person, *word)
        or _is_part(person, *word)
        or _is_city(person, query, at)
    )


def _unlike(person: Person, query: list[tuple[str, str]], at: int) -> int | None:
    """How far a word is from what it may have been meant for."""
    if _matches(person, query, at):
        return 0
    parts = _spelt_parts(*query[at])
    total = 0
    for place, part in enumerate(parts):
        is_last = (at, place) == (len(query) - 1, len(parts) - 1)
        found = [unlike(part, word, half_typed=is_last) for word in searched_words(person)]
        known = [far for far in found if far is not None]
        if not known:
            return None
        total += min(known)
    return total if parts else None


def brute_force(people: list[Person], query: list[tuple[str, str]]) -> list[int]:
    """The numbers of all customers who match every word, in the order that the specification gives.

    Misspelt names follow where fewer than five match, unless a whole identifier or somebody's full name was
    typed, or no name.
    """
    places = range(len(query))
    found = [person for person in people if all(_matches(person, query, at) for at in places)]
    ordered = sorted(found, key=lambda person: (_level(person, query), *_order(person)))
    is_name = any(len(part) > 2 for word in query for part in _spelt_parts(*word))
    if len(found) >= 5 or not is_name or any(_level(person, query) < 2 for person in found):
        return [person.id for person in ordered]
    far = {person.id: [_unlike(person, query, at) for at in places] for person in people}
    near = [person for person in people if person not in found and None not in far[person.id]]
    near.sort(key=lambda person: (sum(filter(None, far[person.id])), *_order(person)))
    return [person.id for person in ordered + near]


def possible(people: list[Person], query: list[tuple[str, str]]) -> set[int]:
    """The numbers of all customers whom every word matches, or may have been meant for."""
    return {
        person.id
        for person in people
        if all(_unlike(person, query, at) is not None for at in range(len(query)))
    }


def _level(person: Person, query: list[tuple[str, str]]) -> int:
    parts = [part for word in query for part in _name_parts(*word)]
    if any(_is_identifier(person, *word) for word in query):
        return 0
    if not all(_is_name(person, *word) for word in query):
        return 4
    if sorted(parts) == sorted(person.name_words):
        return 1
    if len(parts) > 1:
        return 2
    return 3 if set(parts) <= set(searched_words(person)) else 4


def _order(person: Person) -> tuple[object, ...]:
    signed_in = person.days_ago if person.usernames else None
    return (
        {"suspended": 1, "merged": 2}.get(person.status, 0),
        float("inf") if signed_in is None else signed_in,
        fold(person.family_name),
        fold(person.given_name),
        person.id,
    )
