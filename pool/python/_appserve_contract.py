"""What an application may say about its response, and how it is told off.

Owns the checks of status, headers and chunks that PEP 3333 asks of a server,
with messages that name the guilty type, and the two exceptions that an
application can meet. Refuses what appserve checks itself for every worker:
tokens, line breaks, code points, hop-by-hop headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from typing import List, Tuple

    Headers = List[Tuple[str, str]]

_DIGITS: Final = 3
_BREAKS: Final = "\r\n\0"  # what would end a line of the head, or a C string
_LENGTH_DIGITS: Final = 18  # fewer than 2**63 needs
_LOWEST, _HIGHEST = 200, 599


class ContractError(AssertionError):
    """The application broke PEP 3333; the message names what and the type."""

    __module__ = "appserve"  # how tracebacks call it


class ClientDisconnected(OSError):  # noqa: N818 - the name that ASGI gave it
    """Nobody reads this response any more; an application need not handle it."""

    __module__ = "appserve"


def refuse(what: str) -> NoReturn:
    """Raise the error that says what the application did."""
    raise ContractError(what)


def kind(value: Any) -> str:  # noqa: ANN401 - anything may come
    """Return the type of value with its article, as in "a str", or "None"."""
    name = type(value).__name__
    if value is None or name == "bytes":
        return "None" if value is None else name
    return f"an {name}" if name[0] in "aeioAEIO" else f"a {name}"


def parse_status(status: Any) -> int:  # noqa: ANN401 - anything may come
    """Return the number of a status such as "200 OK"."""
    if not isinstance(status, str):
        refuse(f"the status must be a str such as '200 OK', not {kind(status)}")
    digits = status[:_DIGITS]
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()) or status[_DIGITS : _DIGITS + 1] not in ("", " "):
        refuse(f"the status must be three digits, a space and a reason such as '200 OK', not {status[:80]!r}")
    if any(sign in status for sign in _BREAKS):
        refuse(f"the status holds a line break or a NUL: {status[:80]!r}")
    code = int(digits)
    if code == 101:  # noqa: PLR2004 - Switching Protocols
        refuse("status 101 cannot be sent by a WSGI application; for WebSockets use an asgi pool")
    if not _LOWEST <= code <= _HIGHEST:
        refuse(f"the status must be between {_LOWEST} and {_HIGHEST}, not {code}")
    return code


def parse_length(value: str) -> int:
    """Return the number in a Content-Length."""
    if not (value.isascii() and value.isdigit()):
        refuse(f"the Content-Length must be a number, not {value[:80]!r}")
    if len(value) > _LENGTH_DIGITS:
        refuse(f"the Content-Length is too large: {value[:80]}")
    return int(value)


def plain_headers(headers: Any, most: int) -> Headers:  # noqa: ANN401 - anything may come
    """Return headers as a list of pairs of exact str, or say which of them is none.

    Subclasses of str (a SafeString) and other sequences than list and tuple
    are let through: they mean what they say, and other servers take them.
    """
    try:
        pairs = list(headers)
    except TypeError:
        refuse(f"the headers must be a list of (name, value), not {kind(headers)}")
    if len(pairs) > most:
        refuse(f"there are {len(pairs)} headers; {most} are the most that can be sent")
    return [_plain_pair(pair) for pair in pairs]


def _plain_pair(pair: Any) -> tuple[str, str]:  # noqa: ANN401 - anything may come
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:  # noqa: PLR2004 - a pair
        refuse(f"a header must be a tuple (name, value), not {kind(pair)}: {pair!r:.80}")
    name, value = pair
    if not isinstance(name, str):
        refuse(f"the name of a header must be a str, not {kind(name)}: {name!r:.80}")
    if not isinstance(value, str):
        refuse(f"the value of header {name!r:.80} must be a str, not {kind(value)}")
    return str.__str__(name), str.__str__(value)
