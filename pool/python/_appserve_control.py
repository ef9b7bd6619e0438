"""The control connection: what appserve and a worker say about themselves.

Owns the JSON messages on descriptor 3 and the thread that answers them, so
that a worker whose application is stuck can still be asked why. Refuses to
act itself: what a message means is a method of the worker.
"""

from __future__ import annotations

import json
import socket
from array import array
from typing import TYPE_CHECKING, Any, Final

from _appserve_report import complain
from _appserve_wire import CMSG_CLOEXEC, NOSIGNAL, TRUNCATED

if TYPE_CHECKING:
    from typing import Protocol

    class Commands(Protocol):
        """What appserve may ask of a worker."""

        def start(self, settings: dict[str, Any], descriptors: list[int]) -> None: ...
        def dump(self) -> dict[str, Any]: ...
        def cancel(self, request: int, reason: int) -> None: ...
        def drain(self) -> None: ...
        def orphaned(self) -> None: ...


_RECEIVE: Final = 256 * 1024
_MOST_DESCRIPTORS: Final = 253  # SCM_MAX_FD, the most that one message carries
_ANCILLARY: Final = socket.CMSG_SPACE(_MOST_DESCRIPTORS * array("i").itemsize)


class Control:
    """The worker's end of the control connection. Any thread may send: a message is one system call."""

    def __init__(self, sock: socket.socket) -> None:
        """Take over a connected SEQPACKET socket."""
        self._sock = sock

    def send(self, kind: str, **fields: Any) -> bool:  # noqa: ANN401 - JSON
        """Send one message; False when appserve or the socket is gone."""
        try:
            self._sock.send(json.dumps({"type": kind, **fields}).encode(), NOSIGNAL)
        except OSError:
            return False
        return True

    def serve(self, worker: Commands) -> None:
        """Answer messages until appserve closes the connection, then tell the worker so."""
        while True:
            try:
                data, ancillary, flags, _ = self._sock.recvmsg(_RECEIVE, _ANCILLARY, CMSG_CLOEXEC)
            except ConnectionError:
                data = b""  # appserve has gone without reading what we said last
            except OSError:
                return  # the application closed it; the process itself is what appserve watches
            if not data:
                worker.orphaned()
                return
            descriptors = descriptors_in(ancillary)
            if flags & TRUNCATED:
                complain(f"control message cut after {len(data)} bytes")
                continue
            try:
                self._handle(worker, json.loads(data), descriptors)
            except Exception as error:  # noqa: BLE001 - this thread must outlive any message
                complain(f"control message not understood: {data[:80]!r}: {error!r}")

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def _handle(self, worker: Commands, message: Any, descriptors: list[int]) -> None:  # noqa: ANN401 - JSON
        kind = message["type"]
        if kind == "start":
            worker.start(message, descriptors)
        elif kind == "ping":
            self.send("pong", n=message["n"])
        elif kind == "dump":
            self.send("dump", **worker.dump())
        elif kind == "cancel":
            worker.cancel(int(message["id"]), int(message["reason"]))
        elif kind == "drain":
            worker.drain()
        else:
            raise ValueError(kind)


def descriptors_in(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    """Return the descriptors that came with a message."""
    found = array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    return list(found)
