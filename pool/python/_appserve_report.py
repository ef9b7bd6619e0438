"""Tracebacks and stacks as people read them.

Owns the text of errors: an exception formatted without the frames of the
worker around it, and the stacks of all threads with the request that each is
running. Both are cut to what a message of the link may carry. Refuses to
decide where a report goes.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Callable, Final

if TYPE_CHECKING:
    from types import FrameType

_OWN: Final = os.path.dirname(__file__) + os.sep  # noqa: PTH120 - pathlib would cost every boot
_FROZEN: Final = "frozen importlib"  # CPython and PyPy put it between different signs
_IMPORTLIB: Final = "importlib/__init__.py"
_EMPTY_STACK: Final = re.compile(r"^Traceback \(most recent call last\):\n(?!  )", re.MULTILINE)
_STACK_LIMIT: Final = 12 * 1024  # encoded bytes of one thread's stack
_DUMP_LIMIT: Final = 56 * 1024  # encoded bytes of a whole dump


def format_error(error: BaseException) -> str:
    """Return the full traceback of error, without our own frames at its ends.

    Never raises: an exception whose own str() fails is reported as such.
    """
    try:
        report = traceback.TracebackException(type(error), error, error.__traceback__)
        _trim(report, set())
        return _EMPTY_STACK.sub("", "".join(report.format()))
    except Exception as failure:  # noqa: BLE001 - code of the application may run in here
        return f"{type(error).__name__} (its traceback could not be formatted: {type(failure).__name__})\n"


def complain(what: str) -> None:
    """Say what went wrong on stderr, which appserve turns into a line of its log."""
    try:
        sys.stderr.write(f"appserve: {what}\n")
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        pass  # the application closed or replaced stderr: there is nobody to tell


def headline(error: BaseException) -> str:
    """Return what error says in one line, as in "ImportError: no module named x"."""
    try:
        return "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()[-1]
    except Exception:  # noqa: BLE001 - as above
        return type(error).__name__


def clip(text: str, limit: int) -> str:
    """Return the end of text, so that it is at most limit bytes in JSON; the end says what happened."""
    if len(json.dumps(text)) <= limit:
        return text
    keep = len(text)
    while keep > 0 and len(json.dumps(text[-keep:])) > limit - 8:
        keep = keep * 3 // 4
    return "...\n" + text[len(text) - keep :]


def dump_threads(request_of: Callable[[int], int]) -> dict[str, Any]:
    """Return the body of a dump message: every thread, those that run a request first.

    request_of maps the ident of a thread to the id of its request, 0 for none.
    """
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    threads = [
        {"name": names.get(ident, f"thread {ident}"), "request": request_of(ident), "stack": _stack(frame)}
        for ident, frame in sys._current_frames().items()  # noqa: SLF001 - the documented way
    ]
    threads.sort(key=lambda thread: (not thread["request"], thread["name"] != "MainThread"))
    kept: list[dict[str, Any]] = []
    room = _DUMP_LIMIT
    for thread in threads:
        room -= len(json.dumps(thread))
        if room < 0:
            break
        kept.append(thread)
    return {"threads": kept, "omitted": len(threads) - len(kept)}


def _stack(frame: FrameType) -> str:
    """Return a thread's stack from the application's first frame on."""
    frames = traceback.extract_stack(frame)
    outer = 0
    while outer < len(frames) and _is_start(frames[outer].filename):
        outer += 1
    inner = frames[outer:] or frames  # a thread that runs only our code shows it
    return clip("".join(traceback.format_list(inner)), _STACK_LIMIT)


def _trim(report: traceback.TracebackException | None, seen: set[int]) -> None:
    """Cut our frames off both ends of a traceback and of those it was chained to."""
    if report is None or id(report) in seen:
        return
    seen.add(id(report))
    stack = report.stack
    while stack and _is_noise(stack[0].filename):
        del stack[0]
    while stack and _is_own(stack[-1].filename):
        del stack[-1]
    _trim(report.__cause__, seen)
    _trim(report.__context__, seen)
    for member in getattr(report, "exceptions", None) or ():
        _trim(member, seen)


def _is_own(filename: str) -> bool:
    return filename.startswith(_OWN)


def _is_start(filename: str) -> bool:
    """Say whether a frame is how Python starts a program or a thread, or ours."""
    return filename in ("<string>", threading.__file__) or _is_noise(filename)


def _is_noise(filename: str) -> bool:
    return _is_own(filename) or _FROZEN in filename or filename.endswith(_IMPORTLIB)
