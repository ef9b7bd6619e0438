"""A master in miniature: starts a real worker and speaks both ends of the link with it.

Owns the process, its sockets and its output. Every wait has a deadline.
"""

from __future__ import annotations

import fcntl
import io
import json
import marshal
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from array import array
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DEADLINE = 20.0

sys.dont_write_bytecode = True  # modules are rewritten within a second here, and the sources stay clean

# What a REQUEST has values for, in this order, ahead of its dict; the last seven are there all together or not at all.
_KNOWN = (
    "REQUEST_METHOD SCRIPT_NAME PATH_INFO QUERY_STRING REQUEST_URI RAW_URI SERVER_PROTOCOL SERVER_NAME SERVER_PORT REMOTE_ADDR "
    "REQUEST_SCHEME wsgi.url_scheme HTTP_HOST HTTP_X_FORWARDED_FOR HTTP_X_FORWARDED_PROTO HTTP_X_FORWARDED_HOST "
    "HTTP_X_FORWARDED_PORT HTTP_X_REAL_IP HTTP_X_REQUEST_ID"
)
KNOWN = _KNOWN.split()
ALWAYS = 12

REQUEST, HEAD, BODY, DONE, INFO, ERROR = 0x01, 0x81, 0x82, 0x83, 0x84, 0x87


for _name in os.listdir("/proc/self/fd"):  # whoever started the tests may have left descriptors open
    if int(_name) > 2 and os.path.exists(f"/proc/self/fd/{_name}"):
        os.set_inheritable(int(_name), False)


def archive() -> bytes:
    """The zip of the binary when Go runs the tests, else one packed here."""
    packed = os.environ.get("APPSERVE_TEST_ARCHIVE")
    if packed:
        return Path(packed).read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packing:
        for path in sorted(ROOT.glob("_appserve*.py")):
            packing.write(path, path.name)
    return buffer.getvalue()


def bootstrap() -> str:
    """The text for python -c, as embed.go has it."""
    found = re.search(r"^const Bootstrap = `(.*)`$", (ROOT / "embed.go").read_text(), re.MULTILINE)
    assert found
    return found[1]


def seqpacket() -> tuple[socket.socket, socket.socket]:
    """A pair as appserve makes it: the buffers hold a whole request, both ends do not block."""
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)
    for end in pair:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    pair[0].settimeout(DEADLINE)
    return pair


@dataclass
class Frame:
    kind: int
    flags: int
    request: int
    payload: bytes

    @property
    def last(self) -> bool:
        return self.kind in (HEAD, BODY) and self.flags & 1 != 0

    @property
    def done(self) -> bool:
        return self.kind == DONE or (self.kind in (HEAD, BODY, ERROR) and self.flags & 2 != 0)

    def head(self) -> tuple[int, list[tuple[str, str]], bytes]:
        (size,) = struct.unpack_from("<I", self.payload)
        status, headers = marshal.loads(self.payload[4 : 4 + size])
        return status, headers, self.payload[4 + size :]


@dataclass
class Answer:
    """Everything that came for one request, up to DONE."""

    frames: list[Frame] = field(default_factory=list)

    @property
    def kinds(self) -> list[int]:
        return [frame.kind for frame in self.frames]

    @property
    def status(self) -> int:
        return self._head()[0]

    @property
    def headers(self) -> dict[str, str]:
        return dict(self._head()[1])

    @property
    def body(self) -> bytes:
        parts = [frame.head()[2] if frame.kind == HEAD else frame.payload for frame in self.frames if frame.kind in (HEAD, BODY)]
        return b"".join(parts)

    @property
    def complete(self) -> bool:
        return any(frame.last for frame in self.frames)

    @property
    def error(self) -> tuple[int, str] | None:
        for frame in self.frames:
            if frame.kind == ERROR:
                return frame.payload[0], frame.payload[1:].decode()
        return None

    def _head(self) -> tuple[int, list[tuple[str, str]], bytes]:
        heads = [frame for frame in self.frames if frame.kind == HEAD]
        assert len(heads) == 1, self.frames
        return heads[0].head()


class Worker:
    """A worker process and the master's ends of its link."""

    def __init__(self, app: str = "apps:application", *, start: bool = True, **settings) -> None:
        self.control, control = seqpacket()
        self.output = tempfile.TemporaryFile()
        self.slots: list[socket.socket] = []
        self.bodies: socket.socket | None = None
        self.next = 1
        with tempfile.TemporaryFile() as packed:
            packed.write(archive())
            packed.flush()
            self.process = self._spawn(control, packed)
        control.close()
        self.hello = self.receive("hello")
        if start:
            self.answer = self.start(app, **settings)

    def _spawn(self, control, packed):
        high = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (control.fileno(), packed.fileno())]

        def arrange():
            for number, end in enumerate(high, 3):
                os.dup2(end, number)
                os.close(end)

        environ = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            return subprocess.Popen(
                [sys.executable, "-c", bootstrap(), "appserve", "pool=django", "slot=1"],
                stdin=subprocess.DEVNULL,
                stdout=self.output,
                stderr=self.output,
                close_fds=False,
                preexec_fn=arrange,
                env=environ,
                start_new_session=True,
            )
        finally:
            for end in high:
                os.close(end)

    def start(self, app: str, **settings) -> dict:
        self.send_start(app, **settings)
        return self.receive("ready", "failed")

    def send_start(self, app: str, threads: int = 1, **settings) -> None:
        ends = []
        for _ in range(threads):
            ours, theirs = seqpacket()
            self.slots.append(ours)
            ends.append(theirs)
        message = {
            "type": "start",
            "pool": "django",
            "slot": 1,
            "generation": 1,
            "app": app,
            "interface": "auto",
            "chdir": str(HERE / "site"),
            "pythonpath": [],
            "threads": threads,
            "gc": "auto",
            **settings,
        }
        self.bodies, theirs = seqpacket()
        ends.append(theirs)
        rights = array("i", [end.fileno() for end in ends])
        self.control.sendmsg([json.dumps(message).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        for end in ends:
            end.close()

    def tell(self, kind: str, **fields) -> None:
        self.control.send(json.dumps({"type": kind, **fields}).encode())

    def receive(self, *kinds: str) -> dict:
        """The next control message, which must be of one of these kinds."""
        data = self.control.recv(1 << 18)
        assert data, f"the worker closed its control connection: {self.printed()}"
        message = json.loads(data)
        assert message["type"] in kinds, message
        return message

    def request(self, path="/", method="GET", body=b"", slot=0, file=None, **environ) -> int:
        """Send a request; return its id."""
        number, self.next = self.next, self.next + 1
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "",
            "REQUEST_URI": path,
            "RAW_URI": path,
            "REQUEST_SCHEME": "http",
            "wsgi.url_scheme": "http",
            "HTTP_HOST": "localhost",
            **environ,
        }
        size = os.fstat(file.fileno()).st_size if file else len(body)
        if size:
            environ["CONTENT_LENGTH"] = str(size)
        environ = {key: value for key, value in environ.items() if value is not None}
        identified = all(key in environ for key in KNOWN)
        known = [environ.pop(key, "") for key in (KNOWN if identified else KNOWN[:ALWAYS])]
        head = marshal.dumps((*known, environ), 2)
        flags = (1 if file else 0) | (4 if method == "HEAD" else 0) | (16 if identified else 0)
        frame = struct.pack("<BBHII", REQUEST, flags, 0, number, len(head)) + head + body
        if file:
            self.bodies.sendmsg([frame[:8]], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [file.fileno()]))])
        assert self.slots[slot].send(frame) == len(frame)
        return number

    def frame(self, slot=0) -> Frame:
        """The next message of a slot."""
        data = self.slots[slot].recv(1 << 18)
        assert 8 <= len(data) <= 1 << 16, f"message of {len(data)} bytes: {self.printed()}"
        kind, flags, zero, request = struct.unpack_from("<BBHI", data)
        assert zero == 0
        return Frame(kind, flags, request, data[8:])

    def finish(self, number: int, slot=0) -> Answer:
        """All messages of a request up to DONE."""
        answer = Answer()
        while not answer.frames or not answer.frames[-1].done:
            frame = self.frame(slot)
            assert frame.request == number, (frame, number)
            assert not answer.complete or frame.kind in (DONE, ERROR), "something came after the end"
            answer.frames.append(frame)
        return answer

    def ask(self, path="/", slot=0, **how) -> Answer:
        return self.finish(self.request(path, slot=slot, **how), slot)

    def printed(self) -> str:
        """What the worker has written to stdout and stderr."""
        return os.pread(self.output.fileno(), 1 << 22, 0).decode(errors="replace")

    def wait_for(self, text: str) -> str:
        """Wait until the worker has printed text; return all it has printed."""
        deadline = time.monotonic() + DEADLINE
        while text not in self.printed():
            assert time.monotonic() < deadline, f"{text!r} is not in: {self.printed()}"
            time.sleep(0.005)
        return self.printed()

    def wait(self, timeout: float = DEADLINE) -> int:
        """The exit status of the process."""
        return self.process.wait(timeout)

    def close(self) -> None:
        for end in (self.control, self.bodies, *self.slots):
            if end is not None:
                end.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.output.close()


class WorkerTest(unittest.TestCase):
    """Tests that share one worker with one thread."""

    @classmethod
    def setUpClass(cls):
        cls.worker = Worker()
        cls.addClassCleanup(cls.worker.close)
        assert cls.worker.answer["type"] == "ready", cls.worker.answer

    def ask(self, path, **how) -> Answer:
        return self.worker.ask(path, **how)

    def refused(self, path, *texts, phase=3, **how) -> str:
        """The report of a request that got no response because of what the application did."""
        answer = self.ask(path, **how)
        self.assertIsNotNone(answer.error, answer.frames)
        self.assertEqual(answer.error[0], phase, answer.error)
        for text in texts:
            self.assertIn(text, answer.error[1])
        self.assertEqual(self.ask("/hello").body, b"hello", "the worker goes on")
        return answer.error[1]
