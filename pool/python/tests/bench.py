"""What a request costs in the worker: python tests/bench.py [requests].

Prints the CPU time of the worker process per request, for a hello of the
usual size, and how much of it is Python: the rest is spent in the two system
calls, measured by a worker that answers the same bytes without looking.
"""

from __future__ import annotations

import marshal
import struct
import sys
from pathlib import Path

from harness import HERE, KNOWN, Worker

ROUNDS = 7
ENVIRON = {
    "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/", "QUERY_STRING": "", "SERVER_NAME": "localhost",
    "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "40000", "REQUEST_URI": "/",
    "RAW_URI": "/", "REQUEST_SCHEME": "http", "wsgi.url_scheme": "http", "HTTP_HOST": "localhost", "HTTP_USER_AGENT": "bench",
    "HTTP_ACCEPT": "*/*", "HTTP_X_FORWARDED_FOR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "http",
    "HTTP_X_FORWARDED_HOST": "localhost", "HTTP_X_FORWARDED_PORT": "80", "HTTP_X_REAL_IP": "127.0.0.1",
    "HTTP_X_REQUEST_ID": "7f3a91bc7f3a91bc",
}  # fmt: skip


def encoded() -> bytes:
    """The environ as appserve encodes it: known values, then keys interned, values short ASCII."""
    known = b"".join(b"z%c%b" % (len(ENVIRON[key]), ENVIRON[key].encode()) for key in KNOWN)
    rest = [(key.encode(), value.encode()) for key, value in ENVIRON.items() if key not in KNOWN]
    items = (b"Z%c%bz%c%b" % (len(key), key, len(value), value) for key, value in rest)
    return b"(" + struct.pack("<I", len(KNOWN) + 1) + known + b"{" + b"".join(items) + b"0"


def cpu(worker: Worker) -> float:
    """The CPU time that the worker has used, in microseconds."""
    return int(Path(f"/proc/{worker.process.pid}/schedstat").read_text().split()[0]) / 1e3


def one_round(worker: Worker, head: bytes, requests: int) -> float:
    """The cost of a request, in microseconds."""
    slot = worker.slots[0]
    slot.setblocking(True)
    before = cpu(worker)
    for number in range(1, requests + 1):
        slot.send(struct.pack("<BBHII", 1, 16, 0, number, len(head)) + head)
        slot.recv(1 << 16)
    return (cpu(worker) - before) / requests


def main(requests: int) -> None:
    """Measure both workers in turns, so that a busy machine is busy for both, and keep their best rounds."""
    head = encoded()
    *known, rest = marshal.loads(head)
    assert dict(zip(KNOWN, known)) | rest == ENVIRON
    workers = [Worker(app, chdir=str(HERE / "site")) for app in ("bench_apps:hello", "bench_apps:make_mirror()")]
    rounds = [[one_round(worker, head, requests) for worker in workers] for _ in range(ROUNDS)]
    for worker in workers:
        worker.close()
    whole, system = (min(costs) for costs in zip(*rounds))
    print(f"{whole:.1f} us of CPU per request, {whole - system:.1f} us of it in Python")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
