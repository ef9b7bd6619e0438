"""A WSGI application for the rules around it: it says what it got, and fails at length."""

import json
import os

FOLDER = os.environ.get("APPSERVE_E2E", "")


class Failure:
    """A page of an error in pieces; close() leaves a file behind."""

    def __init__(self, pieces):
        self.pieces = pieces

    def __iter__(self):
        for _ in range(self.pieces):
            yield b"secret " * 1024

    def close(self):
        with open(os.path.join(FOLDER, "failure.closed"), "w") as file:
            file.write(str(self.pieces))


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path.startswith("/fail/"):
        pieces = int(path.rsplit("/", 1)[1])
        start_response(
            "500 Internal Server Error",
            [
                ("Content-Type", "text/html"),
                ("Content-Length", str(pieces * 7 * 1024)),
                ("ETag", '"traceback"'),
                ("Content-Encoding", "identity"),
                ("Set-Cookie", "seen=1"),
                ("X-Powered-By", "Python"),
            ],
        )
        return Failure(pieces)
    body = json.dumps({name: value for name, value in environ.items() if name.startswith("HTTP_")}).encode()
    start_response(
        "200 OK",
        [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("X-Powered-By", "Python"),
            ("Cache-Control", "max-age=60"),
            ("Vary", "Cookie"),
            ("Access-Control-Allow-Origin", "*"),
        ],
    )
    return [body]
