"""The applications of the benchmark."""

from __future__ import annotations

import os
import sys

TEXT = [("Content-Type", "text/plain")]


def hello(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"hello"]


def make_mirror():
    """Take the place of the worker's loop: answer whatever comes with bytes of the usual size."""
    slot_module = sys.modules["_appserve_slot"]

    def serve(slot, _application, _base):
        buffer = [memoryview(bytearray(1 << 18))]
        while slot._sock.recvmsg_into(buffer, 24, 0x40000000)[0]:
            slot._sock.send(bytes(106))
        os._exit(0)

    slot_module.Slot.serve = serve
    return hello
