"""The applications of the tests: PATH_INFO names the function that answers."""

from __future__ import annotations

import http
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from wsgiref.validate import validator

TEXT = [("Content-Type", "text/plain")]
KEPT: dict = {}
CLOSED: list = []


def application(environ, start_response):
    return globals()[environ["PATH_INFO"][1:] or "hello"](environ, start_response)


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


def closed(environ, start_response):
    """Who closed the last Body: [same thread, items taken] for each time."""
    return answer(start_response, [[ident == threading.get_ident(), taken] for ident, taken in CLOSED])


# Responses.


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


# Requests.


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


# Breaking PEP 3333: QUERY_STRING is Python.


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


# Raising.


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


# Being interrupted.


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


# What applications do to their process.


def main_module(environ, start_response):
    main = sys.modules["__main__"]
    return answer(start_response, {
        "file": hasattr(main, "__file__"), "argv": sys.argv, "path": sys.path, "cwd": os.getcwd(),
        "comm": open("/proc/self/comm").read().strip(), "oom": int(open("/proc/self/oom_score_adj").read()),
        "thread": threading.current_thread() is threading.main_thread(),
        "threads": [thread.name for thread in threading.enumerate()],
    })


def exits(environ, start_response):
    os._exit(3)


def closes_slots(environ, start_response):
    os.closerange(4, 1000)
    return hello(environ, start_response)


def closes_everything(environ, start_response):
    os.closerange(3, 1000)
    return hello(environ, start_response)


def forks(environ, start_response):
    """Fork; the child does what QUERY_STRING says with "outcome", the parent tells how it ended."""
    pid = os.fork()
    if pid == 0:
        exec(environ["QUERY_STRING"], globals())
        return hello(environ, start_response)
    _, status = os.waitpid(pid, 0)
    code = os.WIFEXITED(status) and os.WEXITSTATUS(status)
    return answer(start_response, [code, os.WIFSIGNALED(status) and os.WTERMSIG(status)])


def child_links(environ, start_response):
    """What a forked child still holds."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            numbers = [number for number in range(3, 100) if os.path.exists(f"/proc/self/fd/{number}")]
            os.write(writable, json.dumps([number for number in numbers if number not in (readable, writable)]).encode())
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    value = json.loads(os.read(readable, 4096))
    os.close(readable)
    os.close(writable)
    return answer(start_response, value)


def leaves_child(environ, start_response):
    """Leave a grandchild behind that holds nothing of the link."""
    pid = os.fork()
    if pid == 0:
        if os.fork() == 0:
            time.sleep(0.5)
        os._exit(0)
    os.waitpid(pid, 0)
    return hello(environ, start_response)


def leaves_thread(environ, start_response):
    def linger():
        time.sleep(0.2)
        print("thread over", flush=True)

    threading.Thread(target=linger).start()
    return hello(environ, start_response)


def at_exit(environ, start_response):
    import atexit

    atexit.register(print, "at exit")
    return hello(environ, start_response)


def own_sigterm(environ, start_response):
    signal.signal(signal.SIGTERM, lambda *_: print("my own SIGTERM", flush=True))
    return hello(environ, start_response)


def terminates_child(environ, start_response):
    """What multiprocessing does to a process that it started."""
    pid = os.fork()
    if pid == 0:
        time.sleep(30)
        os._exit(0)
    os.kill(pid, signal.SIGTERM)
    return answer(start_response, os.waitpid(pid, 0)[1])


def spawns(environ, start_response):
    """A multiprocessing child by spawn: it must not become a worker."""
    import multiprocessing

    queue = multiprocessing.get_context("spawn").SimpleQueue()
    child = multiprocessing.get_context("spawn").Process(target=queue.put, args=("from the child",))
    child.start()
    value = queue.get()
    child.join()
    return answer(start_response, [value, child.exitcode])
