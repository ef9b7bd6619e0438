"""The wire between a worker and appserve: frames, limits, probes.

Owns the numbers of the link's slot messages (runtime.md section 2) and the
layout of their headers, and how they are received. Every message is one SEQPACKET datagram: a header of
eight bytes, little endian, then a payload; no message that a worker sends is
longer than MESSAGE bytes. Refuses to know sockets, applications or HTTP.
"""

from __future__ import annotations

import marshal
import socket
import struct
from typing import Final

PROTOCOL: Final = 1

# Message types: towards the worker, then towards appserve.
REQUEST: Final = 0x01
HEAD: Final = 0x81
BODY: Final = 0x82
DONE: Final = 0x83
INFO: Final = 0x84
ERROR: Final = 0x87

# Flags of REQUEST.
BODY_FD: Final = 1
HEAD_ONLY: Final = 4
IDENTIFIED: Final = 16

# The keys of the values that come before the dict in a REQUEST; the last seven only when it is IDENTIFIED.
IDENTIFIED_KEYS: Final = (
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "REQUEST_URI",
    "RAW_URI",
    "SERVER_PROTOCOL",
    "SERVER_NAME",
    "SERVER_PORT",
    "REMOTE_ADDR",
    "REQUEST_SCHEME",
    "wsgi.url_scheme",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_X_REQUEST_ID",
)
KEYS: Final = IDENTIFIED_KEYS[:12]

# Flags of HEAD, BODY and ERROR.
LAST: Final = 1  # the response is complete (END)
LAST_DONE: Final = 3  # and the slot is free as well: nothing of the application runs on
ERROR_DONE: Final = 2

# Phases of ERROR.
BEFORE_HEAD: Final = 1
AFTER_HEAD: Final = 2
CONTRACT: Final = 3  # the application broke PEP 3333

# type, flags, zero, request id; REQUEST and HEAD go on with the length of their marshalled part.
HEADER: Final = struct.Struct("<BBHI")
LONG_HEADER: Final = struct.Struct("<BBHII")
DONE_FRAME: Final = struct.Struct("<BBHII")  # ..., CPU microseconds of the thread since its last DONE
ERROR_HEADER: Final = struct.Struct("<BBHIB")  # ..., phase
INFO_HEADER: Final = struct.Struct("<BBHIHI")  # ..., status, length of the marshalled headers

RECEIVE: Final = 256 * 1024  # above the longest REQUEST: a longer datagram would be cut silently
MESSAGE: Final = 64 * 1024  # the longest message of a worker, header included
MAX_HEAD: Final = MESSAGE - LONG_HEADER.size  # the longest marshalled head
MAX_BODY: Final = MESSAGE - HEADER.size  # the longest piece of body in one message
MAX_HEADERS: Final = 256
MAX_TRACEBACK: Final = 60 * 1024
JOIN: Final = 4096  # up to here one copy is cheaper than a gathering send

# How this worker ends other than by being told to; appserve prints the meaning.
EXIT_ORPHANED: Final = 70  # appserve is gone
EXIT_LINK_CLOSED: Final = 71  # the application closed our descriptors
EXIT_PROTOCOL: Final = 72  # appserve sent what no appserve of this version sends

# Linux's numbers, which PyPy's socket module does not name.
CMSG_CLOEXEC: Final = getattr(socket, "MSG_CMSG_CLOEXEC", 0x40000000)  # received descriptors stay out of child programs
NOSIGNAL: Final = getattr(socket, "MSG_NOSIGNAL", 0x4000)  # the application may have restored SIGPIPE
DONTWAIT: Final = socket.MSG_DONTWAIT
TRUNCATED: Final = socket.MSG_TRUNC | socket.MSG_CTRUNC

MARSHAL_VERSION: Final = 2  # what appserve decodes: no references, no short codes

# One value of every type code that appserve writes, and what it must become.
_PROBE: Final = (
    b"{Z\x03keyz\x01a"
    b"u\x02\x00\x00\x00\xc3\xa9s\x01\x00\x00\x00\xff"
    b"z\x01ta\x03\x00\x00\x00abc"
    b"z\x01p(\x02\x00\x00\x00Ni\xff\xff\xff\xff"
    b"z\x01l[\x01\x00\x00\x00l\x03\x00\x00\x00\x00\x00\x00\x00\x02\x000"
)
_PROBED: Final = {"key": "a", "\xe9": b"\xff", "t": "abc", "p": (None, -1), "l": [1 << 31]}


def marshal_ok() -> bool:
    """Say whether marshal.loads here understands every code that appserve uses."""
    try:
        return bool(marshal.loads(_PROBE) == _PROBED)
    except (ValueError, TypeError, EOFError):
        return False
