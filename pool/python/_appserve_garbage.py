"""Garbage collection in a worker, moved out of its requests.

Owns when Python's cyclic collector runs. What the boot left behind lives as
long as the worker and is frozen: no collection looks at it again. New objects
may pile up, and are collected when a thread has nothing to do. Refuses to
touch a collector that the application has set for itself, and to collect
between the requests of one thread while others are in the middle of theirs.
"""

from __future__ import annotations

import gc
from typing import Callable, Final

YOUNG: Final = 10_000  # new objects that are worth a collection between requests
_THRESHOLDS: Final = (50_000, 20, 100)  # a safety, for a request that makes very many


def _none() -> tuple[int, int, int]:
    return (0, 0, 0)


class Garbage:
    """The collector of this process. Made before the application is loaded, settled after it."""

    def __init__(self) -> None:
        """Remember how the collector is set, to see whether the application changes that."""
        self.young: Callable[[], tuple[int, int, int]] = _none  # like gc.get_count(); no counts: nothing to do
        self._found = self._set() if hasattr(gc, "freeze") else None  # PyPy's collector is another one

    def settle(self, threads: int) -> None:
        """Take over, unless the application has: freeze what there is, and collect between requests from now on."""
        if self._found is None or self._found != self._set() or not gc.isenabled():
            return
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        if threads == 1:
            self.young = gc.get_count

    def collect(self) -> None:
        """Collect if that is worth it, because nothing else is to be done."""
        if self.young()[0] > YOUNG:
            gc.collect(1)  # when all are due, Python knows: that depends on how many there are

    @staticmethod
    def _set() -> tuple[bool, tuple[int, int, int]]:
        return gc.isenabled(), gc.get_threshold()
