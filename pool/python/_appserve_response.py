"""One response of a WSGI application on its way to appserve.

Owns PEP 3333 between start_response and the last byte: in which order an
application may speak, when the head goes out, how a body becomes messages.
Refuses to know where requests come from and who closes what. A Response is
made for one request and forgotten with it, so that an application that keeps
write() cannot reach the response of a stranger.
"""

from __future__ import annotations

from marshal import dumps
from typing import TYPE_CHECKING, Any, Callable, Final, Iterable

from _appserve_contract import ClientDisconnected, kind, parse_length, parse_status, plain_headers, refuse
from _appserve_report import complain
from _appserve_wire import (
    BODY,
    HEAD,
    HEADER,
    INFO,
    INFO_HEADER,
    JOIN,
    LAST,
    LAST_DONE,
    LONG_HEADER,
    MARSHAL_VERSION,
    MAX_BODY,
    MAX_HEAD,
    MAX_HEADERS,
    MESSAGE,
    NOSIGNAL,
)

if TYPE_CHECKING:
    import socket
    from types import TracebackType
    from typing import Tuple, Type, Union

    from _appserve_contract import Headers

    ExcInfo = Tuple[Type[BaseException], BaseException, TracebackType]
    Buffer = Union[bytes, memoryview]

_EARLY_HINTS: Final = 103
_NO_BODY: Final = (204, 304)
_LENGTH: Final = "content-length"
_LENGTH_SIZE: Final = len(_LENGTH)
_pack_head: Final = LONG_HEADER.pack

# Statuses that were parsed before. Applications make them up, so it is kept small.
_codes: Final[dict[str, int]] = {}
_MOST_CODES: Final = 100


class Response:
    """What start_response(), write() and the iterable of one request have become so far.

    The attributes of the class are the state at birth; most requests change few.
    """

    code: int | None = None  # from start_response()
    headers: Headers
    length: int | None = None  # of the body, as declared or as measured
    left: int | None = None  # what may still be sent of it
    bodiless = False  # HEAD, 204, 304
    started = False  # HEAD was sent
    ended = False  # LAST or ERROR was sent
    done = False  # DONE was sent
    gone = False  # nobody reads it any more
    free_at_end = False  # nothing of the application runs after the last chunk
    cut = False  # more was offered than may be sent

    def __init__(self, sock: socket.socket, request: int, cancelled: dict[int, int], is_head: bool) -> None:  # noqa: FBT001 - once per request
        """Answer the request of that id on sock, until the id turns up in cancelled."""
        self._sock = sock
        self._request = request
        self._cancelled = cancelled
        self._is_head = is_head

    def start_response(self, status: str, headers: Headers, exc_info: ExcInfo | None = None) -> Callable[[bytes], None]:
        """Take status and headers as PEP 3333 says, and return write()."""
        if exc_info is not None:
            try:
                if self.started:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None  # it refers to this frame
        elif self.code is not None:
            refuse("start_response() was called a second time, without exc_info")
        code = _codes.get(status) if type(status) is str else None
        code = code or _remember(status)
        length = None
        try:
            if type(headers) is not list or len(headers) > MAX_HEADERS:
                headers = plain_headers(headers, MAX_HEADERS)
            for pair in headers:
                name, value = pair
                if type(pair) is not tuple or type(name) is not str or type(value) is not str:
                    headers = plain_headers(headers, MAX_HEADERS)
                if len(name) == _LENGTH_SIZE and name.lower() == _LENGTH:
                    length = parse_length(value)
        except (TypeError, ValueError):  # not pairs
            headers = plain_headers(headers, MAX_HEADERS)
        self.code = code
        self.headers = headers
        self.length = self.left = length
        self.bodiless = self._is_head or code in _NO_BODY
        return self.write

    def write(self, data: bytes) -> None:
        """Send data at once, behind the head if that is still to come: what start_response() returns."""
        if not isinstance(data, bytes):
            refuse(f"write() takes bytes, not {kind(data)}")
        if data:
            self.send(data)

    def early_hints(self, headers: Headers) -> None:
        """Send a 103 with these headers ahead of the response: wsgi.early_hints. Too late, it does nothing."""
        if self.started:
            return
        self._check()
        head = dumps(plain_headers(headers, MAX_HEADERS), MARSHAL_VERSION)
        if len(head) > MESSAGE - INFO_HEADER.size:
            refuse(f"the early hints take {len(head)} bytes, more than one message holds")
        self._emit(INFO_HEADER.pack(INFO, 0, 0, self._request, _EARLY_HINTS, len(head)), head)

    def send_whole(self, chunk: bytes) -> bool:
        """Send the response whose body is chunk, and that the slot is free, in one message.

        Returns False when it takes more than that.
        """
        if type(chunk) is not bytes or self.code is None or self.started or self.bodiless:
            return False
        size = len(chunk)
        headers = self.headers
        if self.length is None:
            headers = [*headers, ("Content-Length", str(size))]
        elif self.length != size:
            return False
        head = dumps((self.code, headers), MARSHAL_VERSION)
        if len(head) + size > MAX_HEAD:
            return False
        if self._cancelled:
            self._check()
        self._emit(_pack_head(HEAD, LAST_DONE, 0, self._request, len(head)) + head, chunk)
        self.started = self.ended = self.done = True
        return True

    def send_all(self, chunks: Iterable[bytes], free: bool) -> None:  # noqa: FBT001 - once per request
        """Send every chunk as it comes, then the end; iterate no further than a response without a body needs.

        The slot is free at the end, if it may be, when nothing of the application can run on.
        """
        if type(chunks) in (list, tuple):
            self.free_at_end = free
            self._measure(chunks)
        elif isinstance(chunks, (bytes, str)) or not (hasattr(chunks, "__iter__") or hasattr(chunks, "__getitem__")):
            refuse(f"the application returned {kind(chunks)}; it must return an iterable of bytes, such as [body]")
        if not self.bodiless:
            for chunk in chunks:
                if self.bodiless:
                    break  # a generator that called start_response() just now
                if not isinstance(chunk, bytes):
                    refuse(f"the application yielded {kind(chunk)}; a body is made of bytes")
                if chunk:
                    self.send(chunk)
        self.finish()

    def send(self, chunk: bytes) -> None:
        """Send a chunk that is not empty, behind the head if that is still to come."""
        self._check()
        if self.code is None:
            refuse("the application sent a body before it called start_response()")
        if self.bodiless:
            return
        if self.left is not None or self.ended:
            chunk = self._cut(chunk)
            if not chunk:
                return
        self._send_pieces(chunk, last=self.left == 0)

    def finish(self) -> None:
        """Send the end, after the last chunk; refuse a body that is shorter than declared."""
        if self.ended:
            return
        self._check()
        if self.code is None:
            refuse("the application never called start_response()")
        if self.left and not self.bodiless:
            sent = (self.length or 0) - self.left
            refuse(f"short_response: a Content-Length of {self.length} bytes was declared, {sent} bytes were sent")
        if not self.started and not self.bodiless and self.length is None:
            self.headers = [*self.headers, ("Content-Length", "0")]
        self._send_pieces(b"", last=True)

    def close(self) -> None:
        """Let nothing out any more: the request is over, whoever still holds this object."""
        self.started = self.ended = True

    def _cut(self, chunk: bytes) -> bytes:
        """Return what may still be sent of chunk."""
        room = 0 if self.ended else self.left or 0
        if len(chunk) > room and not self.cut:
            self.cut = True
            limit = "the whole response" if self.length is None else f"its Content-Length of {self.length} bytes"
            complain(f"request {self._request}: the application sent more than {limit}; the rest is cut")
        chunk = chunk[:room]
        self.left = room - len(chunk)
        return chunk

    def _measure(self, chunks: Any) -> None:  # noqa: ANN401 - a list or tuple of anything
        """Declare the length of a body that is all there."""
        if self.length is not None or self.code is None or self.started or self.bodiless:
            return
        size = 0
        for chunk in chunks:
            if not isinstance(chunk, bytes):
                return  # sending it will say so
            size += len(chunk)
        self.headers = [*self.headers, ("Content-Length", str(size))]
        self.length = self.left = size

    def _send_pieces(self, chunk: Buffer, *, last: bool) -> None:
        """Send chunk in as many messages as it takes, the first of them a HEAD if none was sent."""
        end = (LAST_DONE if self.free_at_end else LAST) if last else 0
        size = len(chunk)
        at = 0
        if not self.started:
            head = dumps((self.code, self.headers), MARSHAL_VERSION)
            if len(head) > MAX_HEAD:
                refuse(f"the headers take {len(head)} bytes, more than one message holds")
            at = min(size, MAX_HEAD - len(head))
            first = chunk if at == size else memoryview(chunk)[:at]
            self._emit(_pack_head(HEAD, end if at == size else 0, 0, self._request, len(head)) + head, first)
            self.started = True
        elif size <= MAX_BODY:
            at = size
            self._emit(HEADER.pack(BODY, end, 0, self._request), chunk)
        if at < size:
            self._send_rest(memoryview(chunk)[at:], end)
        self.ended = last
        self.done = last and self.free_at_end

    def _send_rest(self, rest: memoryview, end: int) -> None:
        for at in range(0, len(rest), MAX_BODY):
            piece = rest[at : at + MAX_BODY]
            self._emit(HEADER.pack(BODY, end if at + len(piece) == len(rest) else 0, 0, self._request), piece)

    def _emit(self, frame: bytes, piece: Buffer) -> None:
        """Send one message. Whatever keeps it from leaving, nobody will read this response."""
        try:
            if len(piece) <= JOIN:
                self._sock.send(frame + piece, NOSIGNAL)
            else:
                self._sock.sendmsg((frame, piece), (), NOSIGNAL)
        except OSError as error:
            self.gone = True
            raise ClientDisconnected(*error.args) from None

    def _check(self) -> None:
        if self._cancelled and self._request in self._cancelled:
            self.gone = True
            msg = "the client of this request has gone"
            raise ClientDisconnected(msg)


def _remember(status: Any) -> int:  # noqa: ANN401 - anything may come
    code = parse_status(status)
    if len(_codes) < _MOST_CODES and type(status) is str:
        _codes[status] = code
    return code
