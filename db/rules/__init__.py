"""Pure functions and policy data: canonical forms, the typo table, dedup modes; no SQL, no clock, no I/O."""


class Malformed(ValueError):
    """What was typed cannot be used; `sentence` tells the operator what is wrong and what to do.

    The sentence never repeats what was typed: it may be hostile, and it may be personal.
    """

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
