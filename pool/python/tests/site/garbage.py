"""Applications that show the collector, and leave something for it to do."""

from __future__ import annotations

import gc

from basics import answer

COLLECTED: list = []
KEPT: list = []


class Cycle:
    """Garbage that only the collector finds, and that says when it did."""

    def __init__(self):
        self.me = self

    def __del__(self):
        COLLECTED.append(1)


def collector(environ, start_response):
    frozen = gc.get_freeze_count() if hasattr(gc, "get_freeze_count") else -1
    return answer(start_response, [gc.get_threshold(), frozen, gc.isenabled()])


def cycles(environ, start_response):
    """Leave as many cycles as QUERY_STRING says."""
    for _ in range(int(environ["QUERY_STRING"])):
        Cycle()
    return answer(start_response, "")


def collected(environ, start_response):
    return answer(start_response, len(COLLECTED))


def keep(environ, start_response):
    """Keep as many cycles as QUERY_STRING says until there are to be none."""
    many = int(environ["QUERY_STRING"])
    if many:
        KEPT.extend(Cycle() for _ in range(many))
    else:
        KEPT.clear()
    return answer(start_response, "")
