"""Garbage collection in a worker, moved out of its requests.

Owns when Python's cyclic collector runs. What the boot left behind lives as
long as the worker and is frozen: no collection looks at it again. What a
request leaves is collected before the next one is taken, while it still is in
the processor's caches; what has become older is looked at more rarely, and
all of it when a thread has nothing to do. Refuses to touch a collector that
the application has set for itself, and to collect between the requests of one
thread while others are in the middle of theirs.
"""

from __future__ import annotations

import gc
import sys
from time import monotonic
from typing import Callable, Final

YOUNG: Final = 1_000  # new objects that are worth a collection between requests
_THRESHOLDS: Final = (50_000, 20, 100)  # a safety, for a request that makes very many
_MIDDLE: Final = 10  # one collection in so many looks at older objects as well
_DUE: Final = 100  # collections after which all objects are looked at when nothing else is to be done
_OVERDUE: Final = 1_000  # and after which that is done in any case
_SHARE: Final = 100  # one part in so many is what that may take of a worker's time, however much there is


def _none() -> tuple[int, int, int]:
    return (0, 0, 0)


class Garbage:
    """The collector of this process. Made before the application is loaded, settled after it."""

    def __init__(self) -> None:
        """Remember how the collector is set, to see whether the application changes that."""
        self.young: Callable[[], tuple[int, int, int]] = _none  # like gc.get_count(); no counts: nothing to do
        self._runs = 0  # collections since all objects were looked at
        self._resting = 0.0  # until when they are not looked at again
        self._found = self._set() if hasattr(gc, "freeze") else None  # PyPy's collector is another one

    def settle(self, threads: int) -> None:
        """Take over, unless the application has: freeze what there is, and collect between requests from now on."""
        if self._found is None or self._found != self._set() or not gc.isenabled():
            return
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        if threads == 1 and "t" not in sys.abiflags:  # free-threaded: each collection looks at all objects
            self.young = gc.get_count

    def collect(self) -> None:
        """Collect what the requests so far have left, if it is worth it."""
        if self.young()[0] <= YOUNG:
            return
        self._runs += 1
        if self._runs >= _OVERDUE and monotonic() >= self._resting:
            self._collect_all()
        else:
            gc.collect(0 if self._runs % _MIDDLE else 1)

    def collect_idle(self) -> None:
        """Look at all objects, if that is due: nothing else is to be done."""
        if self._runs >= _DUE and monotonic() >= self._resting:
            self._collect_all()

    def _collect_all(self) -> None:
        self._runs = 0
        start = monotonic()
        gc.collect()
        end = monotonic()
        self._resting = end + (end - start) * _SHARE

    @staticmethod
    def _set() -> tuple[bool, tuple[int, int, int]]:
        return gc.isenabled(), gc.get_threshold()
