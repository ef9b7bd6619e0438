"""What the applications of the tests share."""

from __future__ import annotations

import json
import threading

TEXT = [("Content-Type", "text/plain")]
KEPT: dict = {}
CLOSED: list = []


def hello(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"hello"]


def answer(start_response, value):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(value).encode()]


class Body:
    """An iterable that remembers which thread closed it, and how often."""

    def __init__(self, *chunks, error=None):
        self.chunks = iter(chunks)
        self.error = error
        self.taken = 0
        CLOSED.clear()

    def __iter__(self):
        return self

    def __next__(self):
        self.taken += 1
        for chunk in self.chunks:
            return chunk
        if self.error:
            raise self.error
        raise StopIteration

    def close(self):
        CLOSED.append((threading.get_ident(), self.taken))
