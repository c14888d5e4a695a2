"""What the tests of the practice population ask of its people."""

import phonenumbers

from seeds.people import Person


def dialled(number: str) -> str:
    parsed = phonenumbers.parse(number, "US")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def email_of(person: Person) -> str:
    return person.emails[0].address.lower()


def phone_of(person: Person) -> str:
    return dialled(person.phones[0].number)
