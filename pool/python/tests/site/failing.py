"""Applications that break PEP 3333 or raise. QUERY_STRING is Python."""

from __future__ import annotations

import http

from basics import TEXT, Body


def breaks(environ, start_response):
    status, headers, result = eval(environ["QUERY_STRING"], {"http": http})
    start_response(status, headers)
    return result


def result(environ, start_response):
    start_response("200 OK", TEXT)
    return eval(environ["QUERY_STRING"], globals())


def coroutine(environ, start_response):
    async def page():
        pass

    return page()


def silent(environ, start_response):
    return eval(environ["QUERY_STRING"])


def twice(environ, start_response):
    start_response("200 OK", TEXT)
    start_response("200 OK", TEXT)


def writes_text(environ, start_response):
    start_response("200 OK", TEXT)("text")


def raises(environ, start_response):
    raise eval(environ["QUERY_STRING"], globals())


def raises_later(environ, start_response):
    start_response("200 OK", TEXT)
    return Body(b"begun", error=eval(environ["QUERY_STRING"], globals()))


def raises_first(environ, start_response):
    start_response("200 OK", TEXT)
    return Body(error=eval(environ["QUERY_STRING"], globals()))


def result_with_length(environ, start_response):
    """The response is complete with its first chunk; what comes after it fails."""
    start_response("200 OK", [("Content-Length", "1")])
    return Body(b"x", error=ValueError("too late to matter"))


def list_with_length(environ, start_response):
    """The slot is free with its first chunk; the second one is none."""
    start_response("200 OK", [("Content-Length", "1")])
    return [b"x", 5]


def bad_twice(environ, start_response):
    """The response is complete with its first chunk; what comes after it fails, and close() too."""
    start_response("200 OK", [("Content-Length", "1")])

    class Bad(Body):
        def close(self):
            raise KeyError("closing")

    return Bad(b"x", error=ValueError("iterating"))


def chained(environ, start_response):
    try:
        {}["first"]
    except KeyError as error:
        raise ValueError("second") from error


def deep(environ, start_response):
    return deep(environ, start_response)


def wide(environ, start_response):
    raise ValueError("\u0142" * 100_000)


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("even this")


class Own(BaseException):
    """What an except Exception does not catch."""
