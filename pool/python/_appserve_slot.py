"""One slot: a thread, its socket, and the request that it is answering.

Owns the loop that takes one message, calls the application, and answers
before it takes the next, and what happens to everything an application may
raise. What has not been taken is still in the kernel, where appserve can take
it back. Refuses to read ahead, and to know PEP 3333 beyond the call itself.
"""

from __future__ import annotations

import socket
import time
from io import BytesIO
from marshal import loads
from threading import get_ident
from typing import TYPE_CHECKING, Any, Callable, Final, Iterable

from _appserve_body import close_quietly, open_body
from _appserve_contract import ClientDisconnected, ContractError
from _appserve_garbage import YOUNG
from _appserve_report import complain, format_error
from _appserve_response import Response
from _appserve_wire import (
    AFTER_HEAD,
    BEFORE_HEAD,
    BODY_FD,
    CONTRACT,
    DONE,
    DONE_FRAME,
    DONTWAIT,
    ERROR,
    ERROR_DONE,
    ERROR_HEADER,
    HEAD_ONLY,
    IDENTIFIED,
    IDENTIFIED_KEYS,
    KEYS,
    LONG_HEADER,
    MAX_TRACEBACK,
    NOSIGNAL,
    RECEIVE,
    REQUEST,
)

if TYPE_CHECKING:
    from typing import NoReturn, Protocol

    from _appserve_garbage import Garbage

    class Owner(Protocol):
        """What a slot asks of its worker."""

        cancelled: dict[int, int]

        def recycle(self, reason: str, request: int) -> None: ...
        def link_closed(self, slot: int) -> None: ...
        def take_body(self, request: int) -> int: ...
        def protocol_error(self, what: str) -> NoReturn: ...
        def leave_if_child(self, error: BaseException | None) -> None: ...


_Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_Young = Callable[[], tuple[int, int, int]]
_HEADER_SIZE: Final = LONG_HEADER.size
_unpack: Final = LONG_HEADER.unpack_from
_SEQUENCES: Final = (list, tuple)


class Slot:
    """Answers the requests of one socket, one at a time, in the thread that calls serve()."""

    def __init__(self, index: int, sock: socket.socket, owner: Owner) -> None:
        """Make slot number index of its worker; the socket is its own from here on."""
        self.index = index
        self.thread = 0  # ident of the thread that serves
        self.current = 0  # id of the request that is running
        self._sock = sock
        self._owner = owner
        self._cancelled = owner.cancelled
        self._cpu = 0.0  # of this thread, when DONE was last sent
        self._owed = 0  # id of the request whose DONE has not been sent; the next HEAD would imply it

    def serve(self, application: _Application, base: dict[str, Any], garbage: Garbage) -> None:
        """Answer requests until the socket has no more; base is what every environ has in common."""
        self.thread = get_ident()
        self._cpu = time.thread_time()
        buffer = memoryview(bytearray(RECEIVE))
        receive, young = self._sock.recv_into, garbage.young
        while True:
            try:
                size = self._receive(buffer, garbage) if self._owed or young()[0] > YOUNG else receive(buffer)
            except ConnectionError:
                return  # appserve closed it without reading our last response
            except OSError:
                self._link_closed()
                return
            if not size:
                return
            if not _HEADER_SIZE <= size < RECEIVE:  # a longer one was cut
                self._owner.protocol_error(f"message of {size} bytes")
            self._answer(application, base, buffer, size, young)

    def stop(self) -> None:
        """Take no more messages than are already in the kernel: serve() returns after them.

        Appserve's next send fails, so no message is lost between the two.
        """
        try:
            self._sock.shutdown(socket.SHUT_RD)
        except OSError:
            pass  # the other end is gone, or the application closed ours

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def _receive(self, buffer: memoryview, garbage: Garbage) -> int:
        """Tidy up, and take the next message; if it is not there yet, first say that the slot is free.

        The HEAD of a request that is there already says it too: that saves a message, and appserve a wake-up.
        Garbage is collected before: appserve can still give what has not been taken to another worker, and sends
        a slot nothing as long as it does not look free.
        """
        garbage.collect()
        request, self._owed = self._owed, 0
        try:
            size = self._sock.recv_into(buffer, 0, DONTWAIT)
        except BlockingIOError:
            size = 0
        if size:
            return size
        garbage.collect_idle()
        if request:
            self._send_done(request)
        return self._sock.recv_into(buffer)

    def _send_done(self, request: int) -> None:
        cpu = time.thread_time()
        used, self._cpu = cpu - self._cpu, cpu
        self._send(DONE_FRAME.pack(DONE, 0, 0, request, int(used * 1e6) & 0xFFFFFFFF))

    def _link_closed(self) -> None:
        self._owner.leave_if_child(None)
        self._owner.link_closed(self.index)

    def _answer(self, application: _Application, base: dict[str, Any], buffer: memoryview, size: int, young: _Young) -> None:
        """Answer the request in the first size bytes of buffer."""
        kind, flags, _, request, length = _unpack(buffer)
        end = _HEADER_SIZE + length
        if kind != REQUEST or end > size:
            self._owner.protocol_error(f"message {bytes(buffer[: min(size, 64)]).hex()}")
        values = loads(buffer[_HEADER_SIZE:end])
        environ = base.copy()
        environ.update(zip(IDENTIFIED_KEYS if flags & IDENTIFIED else KEYS, values))
        environ.update(values[-1])
        if flags & BODY_FD:
            try:
                body: Any = open_body(self._owner.take_body(request))
            except OSError:
                self._link_closed()
                return
        else:
            body = BytesIO(buffer[end:size])
        environ["wsgi.input"] = body
        is_head = environ["REQUEST_METHOD"] == "HEAD" or flags & HEAD_ONLY != 0
        response = Response(self._sock, request, self._cancelled, is_head)
        if environ["SERVER_PROTOCOL"] != "HTTP/1.0":
            environ["wsgi.early_hints"] = response.early_hints
        self.current = request
        result = None
        try:
            result = application(environ, response.start_response)
            tidy = young()[0] <= YOUNG  # else the slot is not free before garbage was collected
            if not (tidy and type(result) in _SEQUENCES and len(result) == 1 and response.send_whole(result[0])):  # type: ignore[arg-type,index]
                response.send_all(result, tidy)
        except BaseException as error:  # noqa: BLE001 - sys.exit() too must not end the worker in silence
            self._failed(response, request, result, error)
        if not response.done:
            self._finish(response, request, result)
        if flags & BODY_FD:
            close_quietly(body)
        self.current = 0

    def _finish(self, response: Response, request: int, result: Any) -> None:  # noqa: ANN401 - what the application returned
        """Call close(); from then on the slot is free."""
        try:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        except BaseException as error:  # noqa: BLE001 - the response is out; this is for the log
            self._failed(response, request, None, error)
        response.close()
        self._cancelled.pop(request, None)
        if response.gone:
            self._send_done(request)  # each request says something, or appserve could not follow
        elif not response.done:
            self._owed = request

    def _failed(self, response: Response, request: int, result: Any, error: BaseException) -> None:  # noqa: ANN401 - as above
        """Report what the application raised: to appserve as long as it waits for DONE, else on stderr."""
        self._owner.leave_if_child(error)
        if not (response.gone and isinstance(error, ClientDisconnected)):
            text = format_error(error)
            if response.done or response.gone:
                when = "its response was complete" if response.done else "its client had gone"
                complain(f"request {request}: the application raised after {when}\n{text}")
            else:
                self._send_error(response, request, error, text, free=result is None or type(result) in _SEQUENCES)
        if isinstance(error, SystemExit):
            self._owner.recycle("app_exit", request)

    def _send_error(self, response: Response, request: int, error: BaseException, text: str, *, free: bool) -> None:
        unsent = CONTRACT if isinstance(error, ContractError) else BEFORE_HEAD
        phase = AFTER_HEAD if response.started else unsent
        data = text.encode("utf-8", "backslashreplace")
        if len(data) > MAX_TRACEBACK:
            data = b"...\n" + data[4 - MAX_TRACEBACK :].decode("utf-8", "ignore").encode()
        response.done = free
        response.close()
        self._send(ERROR_HEADER.pack(ERROR, ERROR_DONE if free else 0, 0, request, phase) + data)

    def _send(self, frame: bytes) -> None:
        try:
            self._sock.send(frame, NOSIGNAL)
        except OSError:
            pass  # the next receive finds out what happened to the socket
