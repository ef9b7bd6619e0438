"""A page that shows what appserve hands to a WSGI application.

Standard library only, so that it runs wherever python3 does. Change it while
it is served, send appserve a HUP, and the next request sees the new code.
"""

import hashlib
import html
import itertools
import json
import os
import platform
import signal
import string
import time
from pathlib import Path

PAGE = string.Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
STARTED = time.monotonic()
ANSWERED = itertools.count(1)
STREAM_PIECES = 12
STREAM_PAUSE = 0.25  # seconds
BLOCK = 64 * 1024


def application(environ, start_response):
    """The WSGI callable: one function per path."""
    number = next(ANSWERED)
    methods = ROUTES.get(environ["PATH_INFO"])
    if methods is None:
        return text(start_response, "404 Not Found", "There is no such page here.\n")
    method = "GET" if environ["REQUEST_METHOD"] == "HEAD" else environ["REQUEST_METHOD"]
    answer = methods.get(method)
    if answer is None:
        allow = ("Allow", ", ".join(sorted(methods)))
        return text(start_response, "405 Method Not Allowed", "Not with this method.\n", [allow])
    return answer(environ, start_response, number)


def page(environ, start_response, number):
    """The page itself."""
    headers = {name_of(key): value for key, value in environ.items() if name_of(key)}
    others = {key: value for key, value in environ.items() if not name_of(key)}
    body = PAGE.substitute(
        base=html.escape(environ.get("SCRIPT_NAME", "")),
        request=html.escape(request_line(environ)),
        worker=rows(worker(number)),
        headers=rows(headers),
        environ=rows(others),
        count=len(environ),
    )
    return respond(start_response, "200 OK", "text/html; charset=utf-8", body.encode("utf-8", "replace"))


def describe_worker(environ, start_response, number):
    """The same facts about the worker for the page's script."""
    body = json.dumps(worker(number)).encode()
    return respond(start_response, "200 OK", "application/json", body)


def stream(environ, start_response, number):
    """Pieces that leave one by one: appserve holds none of them back."""
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
    return pieces()


def pieces():
    for piece in range(1, STREAM_PIECES + 1):
        yield f"piece {piece:2} of {STREAM_PIECES} from pid {os.getpid()}, {clock()}\n".encode()
        time.sleep(STREAM_PAUSE)


def echo(environ, start_response, number):
    """What arrived as the request body, however it was sent."""
    digest, size = hashlib.sha256(), 0
    expected = int(environ.get("CONTENT_LENGTH") or 0)
    while block := environ["wsgi.input"].read(min(BLOCK, expected - size)):
        digest.update(block)
        size += len(block)
    return text(start_response, "200 OK", f"{size} bytes arrived\nsha256 {digest.hexdigest()}\n")


def kill(environ, start_response, number):
    """A worker that dies in the middle of a request: this one gets a 502, the next a new worker."""
    os.kill(os.getpid(), signal.SIGKILL)
    return text(start_response, "500 Internal Server Error", "Still alive.\n")


ROUTES = {
    "": {"GET": page},
    "/": {"GET": page},
    "/worker": {"GET": describe_worker},
    "/stream": {"GET": stream},
    "/echo": {"POST": echo},
    "/kill": {"POST": kill},
}


def worker(number):
    """Who answers: the pool and slot that appserve gave this process, and the process itself."""
    return {
        "pool": os.environ.get("APPSERVE_POOL", "not run by appserve"),
        "slot": os.environ.get("APPSERVE_SLOT", "none"),
        "generation": os.environ.get("APPSERVE_GENERATION", "none"),
        "pid": os.getpid(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "up for": f"{time.monotonic() - STARTED:.1f} s",
        "requests": number,
    }


def request_line(environ):
    target = environ.get("REQUEST_URI") or environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
    return f"{environ['REQUEST_METHOD']} {target} {environ['SERVER_PROTOCOL']}"


def name_of(key):
    """Accept-Language for HTTP_ACCEPT_LANGUAGE, and None for what is no header."""
    return key[5:].replace("_", "-").title() if key.startswith("HTTP_") else None


def rows(facts):
    """A table body; sorted, so that two requests are easy to compare."""
    cells = ((html.escape(str(key)), html.escape(shown(value))) for key, value in sorted(facts.items()))
    return "\n".join(f"<tr><th>{key}</th><td>{value}</td></tr>" for key, value in cells)


def shown(value):
    """Text as it is; of other objects their kind."""
    if isinstance(value, (str, int, tuple)):
        return str(value)
    return f"<{type(value).__module__}.{type(value).__qualname__}>"


def clock():
    return time.strftime("%H:%M:%S")


def text(start_response, status, body, headers=()):
    return respond(start_response, status, "text/plain; charset=utf-8", body.encode(), headers)


def respond(start_response, status, content_type, body, headers=()):
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers])
    return [body]
