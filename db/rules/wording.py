"""Puts numbers into words that agree with them."""


def counted(number: int, one: str, many: str = "") -> str:
    """`1 group`, `2 groups`; `many` where the plural has no plain s. Thousands are set apart."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
