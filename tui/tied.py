"""Ties work to the screen or widget it is for: where that has gone, the work ends before it can touch it.

An answer may come while its screen is being taken down: some widgets are still there, others are not, and
textual cancels the work only at the very end. So each time the work would go on, it is asked here first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, TypeVar

from textual.dom import DOMNode

Result = TypeVar("Result")


def is_there(node: DOMNode) -> bool:
    """Whether a screen or widget is whole: neither gone nor being taken down."""
    return node.is_running and node.is_attached and not node._pruning


class tied(Awaitable[Result]):  # reads as the function that it is used as
    """Await `work`; it is cancelled where it would go on after `node` has gone."""

    def __init__(self, node: DOMNode, work: Coroutine[Any, Any, Result]) -> None:
        self._node, self._work = node, work

    def __del__(self) -> None:
        """Work that was called off before it began has not been forgotten: say nothing of it."""
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Result]:
        resume: Callable[[Any], Any] = self._work.send
        value: Any = None
        while True:
            if not is_there(self._node):
                resume, value = self._work.throw, asyncio.CancelledError()
            try:
                awaited = resume(value)
            except StopIteration as ended:
                result: Result = ended.value
                return result
            try:
                resume, value = self._work.send, (yield awaited)
            except GeneratorExit:
                self._work.close()
                raise
            except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to the work
                resume, value = self._work.throw, error
