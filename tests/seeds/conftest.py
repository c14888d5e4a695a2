"""The practice population, drawn once."""

import pytest

from seeds.people import Person, Population
from seeds.planted import PLANTED
from seeds.population import population


@pytest.fixture(scope="module")
def everybody() -> Population:
    return population()


@pytest.fixture(scope="module")
def planted(everybody: Population) -> dict[str, Person]:
    by_number = {person.number: person for person in everybody.people}
    return {key: by_number[number] for key, number in PLANTED.items()}
