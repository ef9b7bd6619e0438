"""The applications of the tests: PATH_INFO names the function that answers."""

TEXT = [("Content-Type", "text/plain")]


def application(environ, start_response):
    return globals()[environ["PATH_INFO"][1:] or "hello"](environ, start_response)


def hello(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"hello"]
