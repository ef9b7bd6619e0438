"""Applications that take their time."""

from __future__ import annotations

import threading
import time

from basics import KEPT, TEXT, Body, answer, hello


def endless(environ, start_response):
    start_response("200 OK", TEXT)

    class Endless(Body):
        def __next__(self):
            time.sleep(0.001)
            return b"more"

    return Endless()


def endless_write(environ, start_response):
    write = start_response("200 OK", TEXT)
    try:
        while True:
            write(b"more")
            time.sleep(0.001)
    except OSError as error:
        KEPT["gone"] = f"{type(error).__mro__[1].__name__} {type(error).__name__}"
        raise
    return []


def gone(environ, start_response):
    return answer(start_response, KEPT["gone"])


def wait(environ, start_response):
    """Answer after a line came through the pipe of QUERY_STRING."""
    with open(environ["QUERY_STRING"]) as pipe:
        pipe.readline()
    start_response("200 OK", TEXT)
    return [threading.current_thread().name.encode()]


def spin(environ, start_response):
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        pass
    return hello(environ, start_response)


def sleep(environ, start_response):
    time.sleep(float(environ["QUERY_STRING"]))
    return hello(environ, start_response)


def prints(environ, start_response):
    print("printed, not flushed")
    environ["wsgi.errors"].write("complained\n")
    return hello(environ, start_response)
