"""The console's figures: how soon it is there, how quickly a key is answered, what is sent and held."""

from bench import console_keys, console_memory, console_start
from bench.figures import Figure


def figures() -> list[Figure]:
    """Measure all of them, over a real terminal."""
    return [*console_start.figures(), *console_keys.figures(), *console_memory.figures()]
