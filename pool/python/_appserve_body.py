"""What an application reads from: request bodies, and files it wants sent.

Owns the connection on which large request bodies come as descriptors,
wsgi.input for them, and wsgi.file_wrapper.
Bodies that came in the message are plain io.BytesIO. Refuses bodies that are
still arriving: appserve has taken the whole body before a worker sees it.
"""

from __future__ import annotations

import errno
import os
import socket
import threading
from array import array
from typing import TYPE_CHECKING, Any, Final, Iterator

from _appserve_control import descriptors_in
from _appserve_wire import CMSG_CLOEXEC, HEADER

if TYPE_CHECKING:
    import io

_ANCILLARY: Final = socket.CMSG_SPACE(array("i").itemsize)

# One block and its response head still fit one message, and blocks stay page aligned.
_BLOCK: Final = 60 * 1024


class Bodies:
    """The connection for bodies: every body arrives on it before its request does on a slot.

    A descriptor must not ride in the request itself: to be ready for one
    costs every request a microsecond and a half.
    """

    def __init__(self, sock: socket.socket) -> None:
        """Take over a connected SEQPACKET socket."""
        self._sock = sock
        self._lock = threading.Lock()
        self._waiting: dict[int, int] = {}  # descriptors whose request another thread is about to ask for

    def take(self, request: int) -> int:
        """Return the descriptor of a request's body; OSError when the socket was closed.

        One whose request appserve took back before it was begun stays until
        this process ends, which is the only reason to take one back.
        """
        with self._lock:
            while request not in self._waiting:
                data, ancillary, _, _ = self._sock.recvmsg(HEADER.size, _ANCILLARY, CMSG_CLOEXEC)
                found = descriptors_in(ancillary)
                if len(data) != HEADER.size or len(found) != 1:
                    raise OSError(errno.EBADMSG, "no body came with a request")
                self._waiting[HEADER.unpack(data)[3]] = found[0]
            return self._waiting.pop(request)

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()


def open_body(descriptor: int) -> io.BufferedReader:
    """Return a reader with an offset of its own over a body in a descriptor, which it takes over.

    A request that is dispatched again must not find the offset where the
    first attempt left it, so the file is opened again. Without /proc, or for
    a file that this user may not open, the one offset starts over.
    """
    try:
        fresh = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return open(descriptor, "rb")
    os.close(descriptor)
    return open(fresh, "rb")  # noqa: PTH123 - as above


class FileWrapper:
    """wsgi.file_wrapper: reads a file in blocks of our choice and closes it.

    The block size that an application suggests is not used: each block
    becomes a message. Sending the descriptor itself belongs here later.
    """

    def __init__(self, filelike: Any, block_size: int = _BLOCK) -> None:  # noqa: ANN401, ARG002 - PEP 3333
        """Wrap anything with read(size); close() is taken over when there is one."""
        self.filelike = filelike
        close = getattr(filelike, "close", None)
        if close is not None:
            self.close = close

    def __iter__(self) -> Iterator[bytes]:
        """Return the iterator over the blocks, which is this object."""
        return self

    def __next__(self) -> bytes:
        """Return the next block, until one is empty."""
        data: bytes = self.filelike.read(_BLOCK)
        if data:
            return data
        raise StopIteration


def close_quietly(body: io.BufferedReader | io.BytesIO) -> None:
    """Close a body that came as a descriptor; the application may have done so already."""
    try:
        body.close()
    except OSError:
        pass  # it was read only, and there is nobody to tell
