"""What an application reads from: request bodies, and files it wants sent.

Owns wsgi.input for bodies that came as a descriptor, and wsgi.file_wrapper.
Bodies that came in the message are plain io.BytesIO. Refuses bodies that are
still arriving: appserve has taken the whole body before a worker sees it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, Iterator

if TYPE_CHECKING:
    import io

# One block and its response head still fit one message, and blocks stay page aligned.
_BLOCK: Final = 60 * 1024


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
