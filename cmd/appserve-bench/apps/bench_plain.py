"""The plain WSGI application that cmd/appserve-bench runs under every server."""

HELLO = b"Hello, world!\n"
TEN_KIBIBYTES = b"x" * 10240


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/upload":
        body = str(count(environ["wsgi.input"])).encode()
    elif path == "/10k":
        body = TEN_KIBIBYTES
    else:
        body = HELLO
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def count(source):
    """The length of a body, read to its end as an upload would be."""
    size = 0
    while True:
        chunk = source.read(65536)
        if not chunk:
            return size
        size += len(chunk)
