"""Applications that answer, in every way that PEP 3333 allows."""

from __future__ import annotations

import io
import sys
import threading
from wsgiref.validate import validator

from basics import CLOSED, KEPT, TEXT, Body, answer


def closed(environ, start_response):
    """Who closed the last Body: [same thread, items taken] for each time."""
    return answer(start_response, [[ident == threading.get_ident(), taken] for ident, taken in CLOSED])


def sized(environ, start_response):
    start_response("200 OK", TEXT)
    size, _, how = environ["QUERY_STRING"].partition(",")
    body = bytes(range(256)) * (int(size) // 256) + b"x" * (int(size) % 256)
    half = len(body) // 2
    return {"": [body], "tuple": (body,), "halves": [body[:half], b"", body[half:]], "body": Body(body)}[how]


def nothing(environ, start_response):
    start_response("200 OK", TEXT)
    return []


def stream(environ, start_response):
    """Two chunks; the second one waits for a line in the pipe of QUERY_STRING."""
    start_response("200 OK", TEXT)
    return waiting(environ["QUERY_STRING"])


def waiting(path):
    yield b""
    yield b"first"
    with open(path) as pipe:
        pipe.readline()
    yield b"second"


def late_start(environ, start_response):
    """A generator: nothing runs before the first chunk is asked for."""
    start_response(environ["QUERY_STRING"].replace("+", " ") or "200 OK", TEXT)
    KEPT["taken"] = 0
    for chunk in (b"", b"a", b"b"):
        KEPT["taken"] += 1
        yield chunk


def taken(environ, start_response):
    return answer(start_response, KEPT["taken"])


def no_chunks(environ, start_response):
    start_response("200 OK", TEXT)
    return iter(())


def body(environ, start_response):
    """Status, declared length and chunks of QUERY_STRING, in a Body."""
    status, length, *chunks = environ["QUERY_STRING"].split(",")
    start_response(status + " Said", TEXT + ([("content-LENGTH", length)] if length else []))
    return Body(*(chunk.encode() for chunk in chunks))


def length_list(environ, start_response):
    start_response("200 OK", [("Content-Length", environ["QUERY_STRING"])])
    return [b"12345"]


def writes(environ, start_response):
    write = start_response("200 OK", TEXT)
    write(b"")
    write(b"one ")
    write(b"two ")
    return [b"three"]


def keeps_write(environ, start_response):
    KEPT["write"] = start_response("200 OK", TEXT)
    return [b"kept"]


def stale_write(environ, start_response):
    KEPT["write"](b"to a stranger")
    KEPT["write"](b"again")
    start_response("200 OK", TEXT)
    return [b"mine"]


def slow_close(environ, start_response):
    start_response("200 OK", TEXT)

    class Slow(Body):
        def close(self):
            with open(environ["QUERY_STRING"]) as pipe:
                pipe.readline()

    return Slow(b"done")


def bad_close(environ, start_response):
    start_response("200 OK", TEXT)

    class Bad(Body):
        def close(self):
            raise ValueError("no closing time")

    return Bad(b"done")


def replaced(environ, start_response):
    start_response("200 OK", [("Content-Length", "99")])
    try:
        raise ValueError("thrown away")
    except ValueError:
        start_response("500 Replaced", [("X-Second", "yes")], sys.exc_info())
    return [b"other"]


def too_late(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"begun"
    try:
        raise ValueError("seen after the head")
    except ValueError:
        start_response("500 Late", TEXT, sys.exc_info())


def file_response(environ, start_response):
    class File:
        read = io.BytesIO(b"0123456789" * 15000).read

        def close(self):
            KEPT["file"] = KEPT.get("file", 0) + 1

    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](File(), 1)


def file_closed(environ, start_response):
    return answer(start_response, KEPT["file"])


def hints(environ, start_response):
    environ["wsgi.early_hints"]([("Link", "</a.css>; rel=preload")])
    start_response("200 OK", TEXT)
    return [b"hinted"]


class Text(str):
    """As Django's SafeString."""


def lenient(environ, start_response):
    start_response(Text("201 Created"), ((Text("X-A"), Text("b")), ["X-C", "d"]))
    return (b"ok",)


def latin(environ, start_response):
    start_response("200 OK", [("X-Path", environ["PATH_INFO"]), ("X-Query", environ["QUERY_STRING"])])
    return [b""]


@validator
def validated(environ, start_response):
    data = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0)))
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Size", str(len(data)))])
    return [b"valid ", data]


@validator
def validated_stream(environ, start_response):
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    write(b"written ")
    return environ["wsgi.file_wrapper"](io.BytesIO(b"streamed"))
