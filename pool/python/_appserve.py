"""The worker of appserve: runs one WSGI application in a process of its own.

Appserve starts it as "python -c BOOTSTRAP appserve pool=NAME slot=N" with the
control connection at descriptor 3 and the archive of these modules at 4. This
module owns the order of a worker's life and what its parts share; each part
is a module of its own:

    _appserve_process   the process: names, streams, signals
    _appserve_control   JSON on the control connection, in a thread of its own
    _appserve_loader    from the text of "app" to a callable
    _appserve_slot      one thread, its socket, the request that it answers
    _appserve_response  PEP 3333 between start_response() and the last byte
    _appserve_contract  what an application may say
    _appserve_body      request bodies, file_wrapper
    _appserve_garbage   when garbage is collected
    _appserve_report    tracebacks and stacks
    _appserve_wire      the numbers of the link

It refuses to listen, to accept, to queue and to choose its work: appserve
does. Only the standard library of Python 3.9 and later is used, nothing is
written anywhere, and no module of these is imported after the boot.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from queue import SimpleQueue
from typing import Any, Final, NoReturn

from _appserve_body import Bodies, FileWrapper
from _appserve_control import Control
from _appserve_garbage import Garbage
from _appserve_loader import LoadError, load
from _appserve_process import dress, forget_archive, set_signals, set_streams
from _appserve_report import complain, dump_threads, format_error
from _appserve_slot import Slot
from _appserve_wire import EXIT_LINK_CLOSED, EXIT_ORPHANED, EXIT_PROTOCOL, PROTOCOL, marshal_ok

_CONTROL_FD: Final = 3
_ORPHAN_GRACE: Final = 5.0  # seconds that running requests get when appserve is gone
_MOST_CANCELLED: Final = 1000
_IMPLEMENTATIONS: Final = {"cpython": "CPython", "pypy": "PyPy"}


class Worker:
    """One worker: its control connection, its slots, and whether it is to end."""

    def __init__(self, control: Control) -> None:
        """Make a worker that waits for its start message."""
        self.cancelled: dict[int, int] = {}  # requests whose client has gone, by reason
        self._control = control
        self._starts: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._slots: list[Slot] = []
        self._bodies: Bodies | None = None
        self._draining = False
        self._orphaned = False
        self._pid = os.getpid()
        os.register_at_fork(after_in_child=self._close_link)

    # What appserve asks, in the control thread.

    def start(self, settings: dict[str, Any], descriptors: list[int]) -> None:
        """Take the slots and let the main thread load the application."""
        if self._slots or len(descriptors) < 2 or len(descriptors) != settings["threads"] + 1:  # noqa: PLR2004 - a slot's, and for bodies
            self.protocol_error(f"start with {len(descriptors)} descriptors for {settings['threads']} threads")
        *slots, bodies = (_blocking(descriptor) for descriptor in descriptors)
        self._bodies = Bodies(bodies)
        self._slots += (Slot(index, sock, self) for index, sock in enumerate(slots))
        if self._draining:  # SIGTERM came meanwhile and has not seen all of them
            self.drain()
        self._starts.put(settings)

    def dump(self) -> dict[str, Any]:
        """Return the stacks of all threads, and which request each is running."""
        running = {slot.thread: slot.current for slot in self._slots}
        return dump_threads(lambda ident: running.get(ident, 0))

    def cancel(self, request: int, reason: int) -> None:
        """Let the next thing that a request sends fail."""
        while len(self.cancelled) >= _MOST_CANCELLED:  # left over by requests that ended before they heard of it
            self.cancelled.pop(next(iter(self.cancelled)))
        self.cancelled[request] = reason

    def drain(self) -> None:
        """Let every slot finish what it holds, and the worker end after them."""
        self._draining = True
        self._starts.put(None)
        for slot in list(self._slots):
            slot.stop()

    def orphaned(self) -> NoReturn:
        """End, because appserve is gone: at once, or when running requests have had their time."""
        self._orphaned = True
        self.drain()
        deadline = time.monotonic() + _ORPHAN_GRACE
        while any(slot.current for slot in self._slots) and time.monotonic() < deadline:
            time.sleep(0.02)
        os._exit(EXIT_ORPHANED)

    # What slots tell.

    def recycle(self, reason: str, request: int) -> None:
        """Ask to be replaced."""
        self._control.send("recycle", reason=reason, request=request)

    def link_closed(self, slot: int) -> None:
        """Report that the application closed a slot's descriptor; when nobody hears it, end."""
        if not self._control.send("link_closed", slot=slot):
            complain("the application closed the descriptors of its worker (os.closerange?)")
            _leave(EXIT_LINK_CLOSED)

    def take_body(self, request: int) -> int:
        """Return the descriptor of a request's body."""
        if self._bodies is None:
            self.protocol_error("a body before the start")
        return self._bodies.take(request)

    def protocol_error(self, what: str) -> NoReturn:
        """End, because appserve does not speak our protocol."""
        complain(f"protocol error on the link: {what}")
        _leave(EXIT_PROTOCOL)

    def leave_if_child(self, error: BaseException | None) -> None:
        """End a forked child that comes back into our loop: its parent answers the request."""
        if os.getpid() == self._pid:
            return
        if isinstance(error, SystemExit):
            _leave(error.code if isinstance(error.code, int) else int(error.code is not None))
        complain("a forked child of the application returned from it; it ends here (os._exit was meant)")
        _leave(1)

    # The main thread.

    def run(self) -> None:
        """Load the application and answer requests until told to end."""
        settings = self._starts.get()
        if settings is None:
            return
        garbage = Garbage()
        try:
            application = load(settings)
        except LoadError as error:
            self._control.send("failed", **error.report)
            self._starts.get()  # appserve reads the report, then ends us
            return
        threads = settings["threads"]
        base = _base_environ(threads)
        if settings["gc"] == "auto":
            garbage.settle(threads)
        if not self._draining:
            self._control.send("ready", interface="wsgi")
        if threads == 1:
            self._slots[0].serve(application, base, garbage)
        else:
            self._serve_threads(application, base, garbage)
        if self._orphaned:
            _leave(EXIT_ORPHANED)

    def _serve_threads(self, application: Any, base: dict[str, Any], garbage: Garbage) -> None:  # noqa: ANN401 - any callable
        def serve(slot: Slot) -> None:
            try:
                slot.serve(application, base, garbage)
            except BaseException as error:  # noqa: BLE001 - a slot without its thread would hang its requests
                complain(f"slot {slot.index} ended\n{format_error(error)}")
                _leave(EXIT_PROTOCOL)

        threads = [
            threading.Thread(target=serve, args=(slot,), name=f"appserve-slot-{slot.index}", daemon=True) for slot in self._slots
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def on_sigterm(self) -> None:
        """Drain as an operator's kill asks, and let appserve know, which does the rest."""
        self.recycle("sigterm", 0)
        self.drain()

    def _close_link(self) -> None:
        """In a forked child: the link is its parent's alone."""
        self._control.close()
        for slot in self._slots:
            slot.close()
        if self._bodies is not None:
            self._bodies.close()


def main() -> None:
    """Live the life of a worker; the process ends with this call."""
    pool, slot = _arguments(sys.argv)
    sys.argv[:] = ["appserve"]
    forget_archive(os.path.dirname(__file__))  # noqa: PTH120 - pathlib would cost every boot
    sock = _blocking(_CONTROL_FD)
    os.set_inheritable(_CONTROL_FD, False)  # noqa: FBT003 - its only argument
    control = Control(sock)
    worker = Worker(control)
    signals = set_signals(worker.on_sigterm)
    control.send("hello", **_hello(signals))
    dress(pool, slot)
    set_streams()
    threading.Thread(target=control.serve, args=(worker,), name="appserve-control", daemon=True).start()
    worker.run()


def _blocking(descriptor: int) -> socket.socket:
    """Return a received descriptor as a socket that waits."""
    sock = socket.socket(fileno=descriptor)
    sock.setblocking(True)  # noqa: FBT003 - its only argument
    return sock


def _arguments(argv: list[str]) -> tuple[str, str]:
    """Return pool and slot from "appserve pool=NAME slot=N"."""
    given = dict(argument.partition("=")[::2] for argument in argv[1:])
    return given.get("pool", ""), given.get("slot", "")


def _hello(signals: dict[str, int]) -> dict[str, Any]:
    import marshal  # noqa: PLC0415 - only its version is wanted here

    implementation = sys.implementation.name
    has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    return {
        "protocol": PROTOCOL,
        "python": ".".join(str(number) for number in sys.version_info[:3]),
        "implementation": _IMPLEMENTATIONS.get(implementation, implementation),
        "marshal": marshal.version,
        "marshal_ok": marshal_ok(),
        "pid": os.getpid(),
        "signals": signals,
        "free_threaded": not has_gil,
    }


def _base_environ(threads: int) -> dict[str, Any]:
    """Return what is the same in every environ."""
    return {
        "wsgi.version": (1, 0),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": threads > 1,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "wsgi.file_wrapper": FileWrapper,
        "SERVER_SOFTWARE": "appserve",
    }


def _leave(code: int) -> NoReturn:
    """End this process now, with what it has printed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass  # it was closed or replaced
    os._exit(code)
