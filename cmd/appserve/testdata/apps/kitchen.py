"""A WSGI application with one path per thing that can happen to a worker."""

import hashlib
import os
import signal
import sys
import threading
import time
from urllib.parse import parse_qs

VERSION = "1"
STARTED = time.time()
LOCK = threading.Lock()
FOLDER = os.environ.get("APPSERVE_E2E", "")


def application(environ, start_response):
    name = environ["PATH_INFO"].strip("/").split("/")[0] or "hello"
    query = parse_qs(environ.get("QUERY_STRING", ""))
    handler = HANDLERS.get(name)
    if handler is None:
        return text(start_response, "404 Not Found", f"no {name} here\n")
    return handler(environ, start_response, {key: values[0] for key, values in query.items()})


def text(start_response, status, body):
    data = body.encode()
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(data)))])
    return [data]


def hello(environ, start_response, query):
    return text(start_response, "200 OK", "hello\n")


def version(environ, start_response, query):
    return text(start_response, "200 OK", VERSION)


def pid(environ, start_response, query):
    return text(start_response, "200 OK", str(os.getpid()))


def show(environ, start_response, query):
    return text(start_response, "200 OK", repr(environ.get(query["key"])))


def environment(environ, start_response, query):
    return text(start_response, "200 OK", str(os.environ.get(query["key"])))


def enter(name):
    """Says that a request is here, by a file."""
    with open(os.path.join(FOLDER, name + ".entered"), "w") as file:
        file.write(VERSION)


def wait_at(name):
    """Says that a request is here, and waits for another file."""
    enter(name)
    while not os.path.exists(os.path.join(FOLDER, name + ".open")):
        time.sleep(0.005)


def gate(environ, start_response, query):
    wait_at(query["name"])
    return text(start_response, "200 OK", f"passed in version {VERSION}")


def sleep(environ, start_response, query):
    if "mark" in query:
        enter(query["mark"])
    time.sleep(float(query["s"]))
    return text(start_response, "200 OK", f"slept in version {VERSION}")


def busy(environ, start_response, query):
    end = time.monotonic() + float(query["s"])
    while time.monotonic() < end:
        pass
    return text(start_response, "200 OK", "was busy")


def locked(environ, start_response, query):
    LOCK.acquire()
    LOCK.acquire(timeout=float(query["s"]))  # nobody releases it
    return text(start_response, "200 OK", "unlocked")


def echo(environ, start_response, query):
    digest, size = hashlib.sha256(), 0
    while block := environ["wsgi.input"].read(65536):
        digest.update(block)
        size += len(block)
    return text(start_response, "200 OK", f"{size} {digest.hexdigest()}")


def stream(environ, start_response, query):
    start_response("200 OK", [("Content-Type", "text/plain")])
    for number in range(int(query.get("n", "5"))):
        yield f"{number}\n".encode()
        if "gate" in query:
            wait_at(query["gate"])
        time.sleep(float(query.get("s", "0")))


def large(environ, start_response, query):
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    for _ in range(int(query["kib"])):
        yield b"x" * 1024


def crash(environ, start_response, query):
    os.kill(os.getpid(), getattr(signal, "SIG" + query.get("signal", "KILL")))
    time.sleep(10)


def leave(environ, start_response, query):
    os._exit(int(query.get("code", "0")))


def quit_politely(environ, start_response, query):
    sys.exit(int(query.get("code", "0")))


def fail(environ, start_response, query):
    raise ValueError("the kitchen is on fire")


def fail_late(environ, start_response, query):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"so far so good\n"
    raise ValueError("the kitchen caught fire while serving")


def bad_header(environ, start_response, query):
    start_response("200 OK", [("X-Note", "two\r\nlines")])
    return [b"never seen"]


def shout(environ, start_response, query):
    for number in range(int(query["lines"])):
        print(f"line {number} " + "x" * 90, file=sys.stderr)
    return text(start_response, "200 OK", "shouted")


def fork(environ, start_response, query):
    child = os.fork()
    if child == 0:
        time.sleep(float(query["s"]))
        os._exit(0)
    return text(start_response, "200 OK", str(child))


def daemon(environ, start_response, query):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(float(query["s"]))
        os._exit(0)
    os.wait()
    return text(start_response, "200 OK", "let loose")


def close_descriptors(environ, start_response, query):
    os.closerange(3, 1000)
    return text(start_response, "200 OK", "closed everything")


def linger(environ, start_response, query):
    threading.Thread(target=time.sleep, args=(float(query["s"]),)).start()
    return text(start_response, "200 OK", "a thread stays behind")


def deaf(environ, start_response, query):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return text(start_response, "200 OK", "deaf to SIGTERM")


class SlowClose:
    def __init__(self, gate):
        self.gate = gate

    def __iter__(self):
        return iter([b"answered"])

    def close(self):
        wait_at(self.gate)


def slow_close(environ, start_response, query):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "8")])
    return SlowClose(query["gate"])


def hog(environ, start_response, query):
    memory = [b"x" * 2**20 for _ in range(int(query["mib"]))]
    return text(start_response, "200 OK", f"{len(memory)} MiB")


HANDLERS = {
    "hello": hello,
    "version": version,
    "pid": pid,
    "show": show,
    "environment": environment,
    "gate": gate,
    "sleep": sleep,
    "busy": busy,
    "locked": locked,
    "echo": echo,
    "stream": stream,
    "large": large,
    "crash": crash,
    "leave": leave,
    "quit": quit_politely,
    "fail": fail,
    "fail_late": fail_late,
    "bad_header": bad_header,
    "shout": shout,
    "fork": fork,
    "daemon": daemon,
    "close_descriptors": close_descriptors,
    "linger": linger,
    "deaf": deaf,
    "slow_close": slow_close,
    "hog": hog,
}
