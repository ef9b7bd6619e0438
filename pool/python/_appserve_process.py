"""The process around the application, before there is one.

Owns what a worker does to itself once: forgets the archive it came in, dresses
up for ps and the OOM killer, sets up standard streams, signals and what a
forked child inherits. Refuses limits and identities: appserve has set them
before this process began.
"""

from __future__ import annotations

import faulthandler
import linecache
import os
import signal
import sys
import threading
import zipimport
from typing import TYPE_CHECKING, Any, Callable, Final

if TYPE_CHECKING:
    from types import FrameType

_ARCHIVE_FD: Final = 4
_COMM_LIMIT: Final = 15  # of /proc/self/comm
_OOM_RAISE: Final = 300
_OOM_LIMIT: Final = 1000


def forget_archive(archive: str) -> None:
    """Close the archive that our modules came from and leave no trace of it on the import path.

    Its descriptor number will belong to some file of the application, so
    nothing may look for a module or a line of source there again: linecache
    gets our sources now, for tracebacks.
    """
    for name, module in list(sys.modules.items()):
        loader = getattr(module, "__loader__", None)
        if name.startswith("_appserve") and isinstance(loader, zipimport.zipimporter):
            source = loader.get_source(name) or ""
            filename = loader.get_filename(name)
            linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
            module.__loader__ = None
            module.__spec__ = None
    sys.path[:] = [entry for entry in sys.path if entry and entry != archive]
    sys.path_importer_cache.pop(archive, None)
    getattr(zipimport, "_zip_directory_cache", {}).pop(archive, None)
    os.close(_ARCHIVE_FD)


def dress(pool: str, slot: str) -> None:
    """Name this process for ps and top, and offer it to the OOM killer before appserve.

    Neither is needed: on a system without /proc nothing happens.
    """
    room = _COMM_LIMIT - len("appserve:/") - len(slot)
    _write("/proc/self/comm", f"appserve:{pool[: max(room, 0)]}/{slot}")
    try:
        with open("/proc/self/oom_score_adj", encoding="ascii") as file:  # noqa: PTH123 - pathlib would cost every boot
            score = int(file.read())
    except (OSError, ValueError):
        return
    _write("/proc/self/oom_score_adj", str(min(score + _OOM_RAISE, _OOM_LIMIT)))


def set_streams() -> None:
    """Let whole lines of print() leave at once, and let no full pipe become an error in the application."""
    for descriptor in (1, 2):
        try:
            os.set_blocking(descriptor, True)
        except OSError:
            pass  # closed: the application may not print then, and that is all
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(line_buffering=True)


def set_signals(drain: Callable[[], None]) -> dict[str, int]:
    """Ignore SIGINT, drain at SIGTERM, and dump all stacks at a real-time signal.

    Returns the numbers of the signals that this process understands, by
    purpose. SIGINT gets a handler that does nothing instead of SIG_IGN, which
    programs that the application starts would inherit. The dump is for a
    process whose control thread no longer answers: it reads the frames of
    running threads unguarded, which is known to crash some Pythons.
    """

    def on_term(_signum: int, _frame: FrameType | None) -> None:
        drain()

    def on_int(_signum: int, _frame: FrameType | None) -> None:
        pass

    signal.signal(signal.SIGINT, on_int)
    signal.signal(signal.SIGTERM, on_term)
    _handle_forks(lambda: _restore_signals(on_term, on_int))
    if not hasattr(faulthandler, "register"):
        return {}
    number = signal.SIGRTMIN + 7
    try:
        faulthandler.register(number, file=2, all_threads=True, chain=False)
    except (OSError, ValueError, RuntimeError):
        return {}
    return {"dump": int(number)}


def _handle_forks(restore: Callable[[], None]) -> None:
    """Let every forked child begin with restore.

    SIGTERM waits from before the fork until then: it would end up in our
    handler or, between fork and Python's own cleaning up, nowhere, and what
    multiprocessing terminates would live on.
    """
    mask = threading.local()

    def before() -> None:
        mask.before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})

    def after() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask.before)

    def in_child() -> None:
        restore()
        after()

    os.register_at_fork(before=before, after_in_parent=after, after_in_child=in_child)


def _restore_signals(on_term: Any, on_int: Any) -> None:  # noqa: ANN401 - handlers
    """In a forked child: what ends a Python process ends it, so that multiprocessing can terminate()."""
    try:
        if signal.getsignal(signal.SIGTERM) is on_term:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if signal.getsignal(signal.SIGINT) is on_int:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    except ValueError:
        pass  # not the main thread of the child; its handlers stay


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - as above
            file.write(text)
    except OSError:
        pass  # a courtesy that this system refuses
