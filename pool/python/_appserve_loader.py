"""Finding the application that a pool names.

Owns the way from the text of "app" to a callable: the working directory, the
import path, modules and files, factories, and the test for an interface that
is not served yet. Every failure is a LoadError that names its phase. Refuses
to call an application.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import re
import sys
from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING, Any, Final

from _appserve_contract import kind
from _appserve_report import clip, format_error, headline

if TYPE_CHECKING:
    from types import ModuleType

_DEFAULT_NAMES: Final = ("application", "app")
_TARGET: Final = re.compile(r"[A-Za-z_][\w.]*(\(\))?")
_FILE_MODULE: Final = "_appserve_application"  # for a file that cannot be imported by its name
_CO_COROUTINE: Final = 0x80
_ASGI_ARGUMENTS: Final = 3
_ERROR_LIMIT: Final = 4 * 1024  # bytes in JSON; with the traceback one message
_TRACEBACK_LIMIT: Final = 56 * 1024


class LoadError(Exception):
    """Why there is no application: phase is chdir, import, callable or interface."""

    def __init__(self, phase: str, error: str, traceback: str = "", missing_env: str = "") -> None:
        """Say what failed; missing_env names a variable that the application asked os.environ for."""
        super().__init__(error)
        self.report = {"phase": phase, "error": error, "traceback": traceback}
        if missing_env:
            self.report["missing_env"] = missing_env


def load(settings: dict[str, Any]) -> Any:  # noqa: ANN401 - any callable
    """Return the WSGI application that a start message asks for."""
    _enter(settings.get("chdir") or "", settings.get("pythonpath") or [])
    place, target = _split(settings["app"])
    module = _import(place)
    application = _pick(module, place, target)
    interface = settings.get("interface", "auto")
    if interface == "asgi" or (interface == "auto" and is_asgi(application)):
        what = 'interface = "asgi"' if interface == "asgi" else f"{settings['app']} is an ASGI application"
        raise LoadError("interface", f"{what}: ASGI is not supported yet by this version; name a WSGI callable")
    return application


def is_asgi(application: Any) -> bool:  # noqa: ANN401 - anything callable
    """Say whether a callable wants (scope, receive, send) instead of (environ, start_response)."""
    while isinstance(application, functools.partial):
        application = application.func
    call = application
    if isinstance(application, type):
        call = vars(application).get("__init__")
    elif not hasattr(application, "__code__"):
        call = application.__call__
    code = getattr(getattr(call, "__func__", call), "__code__", None)
    if code is None:
        return False
    if code.co_flags & _CO_COROUTINE:
        return True
    names = code.co_varnames[: code.co_argcount]
    return tuple(names[-_ASGI_ARGUMENTS:]) == ("scope", "receive", "send")


def _enter(chdir: str, pythonpath: list[str]) -> None:
    """Change the directory, and put it and the further folders in front of the import path."""
    if chdir:
        try:
            os.chdir(chdir)
        except OSError as error:
            raise LoadError("chdir", headline(error)) from error
    front = [*([chdir] if chdir else []), *pythonpath]
    sys.path[:] = front + [entry for entry in sys.path if entry not in front]
    importlib.invalidate_caches()


def _split(app: str) -> tuple[str, str]:
    """Split "module:callable" and "/file:callable"; the callable may be missing."""
    place, colon, target = app.rpartition(":")
    if not colon or ("/" in app and os.path.isfile(app)):  # noqa: PTH113 - pathlib would cost every boot
        return app, ""  # a colon may be part of a file's name
    if _TARGET.fullmatch(target):
        return place, target
    raise LoadError("callable", f'{target!r} is no name of a callable; write app = "{place}:application"')


def _import(place: str) -> ModuleType:
    try:
        if os.sep in place or place.endswith(".py"):
            return _import_file(place)
        return importlib.import_module(place)
    except BaseException as error:  # sys.exit() in a module is a failure like another
        raise _load_error("import", error) from error


def _import_file(path: str) -> ModuleType:
    """Import a file: by its name when the import system would find the same file, so that pickles work."""
    path = os.path.abspath(path)  # noqa: PTH100 - pathlib would cost every boot
    name = os.path.splitext(os.path.basename(path))[0]  # noqa: PTH119, PTH122 - as above
    if name.isidentifier() and path.endswith(".py"):
        try:
            spec = importlib.util.find_spec(name)
        except (ImportError, ValueError):
            spec = None
        if spec is not None and spec.origin == path:
            return importlib.import_module(name)
    loader = SourceFileLoader(_FILE_MODULE, path)
    spec = importlib.util.spec_from_file_location(_FILE_MODULE, path, loader=loader)
    if spec is None:
        msg = f"cannot import {path}"
        raise ImportError(msg)
    module = importlib.util.module_from_spec(spec)
    sys.modules[_FILE_MODULE] = module
    loader.exec_module(module)
    return module


def _pick(module: ModuleType, place: str, target: str) -> Any:  # noqa: ANN401 - any callable
    """Return the callable of a module, made by its factory when the name ends in ()."""
    names = (target,) if target else _DEFAULT_NAMES
    for name in names:
        try:
            found: Any = functools.reduce(getattr, name.replace("()", "").split("."), module)
        except AttributeError:
            continue
        except BaseException as error:  # a module's own __getattr__
            raise _load_error("callable", error) from error
        if name.endswith("()"):
            found = _make(found, f"{place}:{name}")
        if not callable(found):
            raise LoadError("callable", f"{place}:{name} is {kind(found)}, which cannot be called")
        return found
    tried = " nor ".join(repr(name.replace("()", "")) for name in names)
    raise LoadError("callable", f"{place} has {'no' if target else 'neither'} {tried}")


def _make(factory: Any, name: str) -> Any:  # noqa: ANN401 - any callable
    if not callable(factory):
        raise LoadError("callable", f"{name[:-2]} is {kind(factory)}, which cannot be called")
    try:
        return factory()
    except BaseException as error:  # as for imports
        raise _load_error("callable", error) from error


def _load_error(phase: str, error: BaseException) -> LoadError:
    return LoadError(phase, clip(headline(error), _ERROR_LIMIT), clip(format_error(error), _TRACEBACK_LIMIT), _missing_env(error))


def _missing_env(error: BaseException | None) -> str:
    """Return the name of a variable whose absence from os.environ began all this, or ""."""
    lookup = type(os.environ).__getitem__.__code__
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if isinstance(error, KeyError) and trace is not None and trace.tb_frame.f_code is lookup:
            return str(error.args[0])
        error = error.__cause__ or error.__context__
    return ""
