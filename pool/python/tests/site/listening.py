"""Applications that look at what they were given."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from basics import KEPT, TEXT, answer, hello


def environment(environ, start_response):
    KEPT.setdefault("environ", []).append(id(environ))
    plain = (str, bool, tuple)
    return answer(start_response, {key: value if isinstance(value, plain) else repr(value) for key, value in environ.items()})


def echo(environ, start_response):
    start_response("200 OK", TEXT)
    return [environ["wsgi.input"].read()]


def lines(environ, start_response):
    data = environ["wsgi.input"]
    got = [data.read(0), data.read(3), data.readline(), data.readline(2), data.readlines(1), list(data)]
    got += [data.read(), data.read(-1)]
    return answer(start_response, json.loads(json.dumps(got, default=bytes.decode)))


def descriptors(environ, start_response):
    return answer(start_response, sorted(int(name) for name in os.listdir("/proc/self/fd")))


def child_descriptors(environ, start_response):
    """What a program that the application starts has beyond its standard streams."""
    script = """
import os
found = []
for number in range(3, 1000):
    try:
        found.append(os.readlink(f"/proc/self/fd/{number}"))
    except OSError:
        pass
print(found, end="")
"""
    child = subprocess.run([sys.executable, "-Ic", script], close_fds=False, capture_output=True, text=True)
    return answer(start_response, child.stdout)


def scribbles(environ, start_response):
    environ.clear()
    return hello(environ, start_response)
