"""The quickstart keeps every promise of PEP 3333: python3 -m unittest, in this folder."""

import io
import json
import unittest
from unittest import mock
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import quickstart


def call(method, path, body=b""):
    """Status, headers and body of one validated request."""
    environ = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "QUERY_STRING": "", "PATH_INFO": path, "HTTP_X_NOTE": "<b>"}
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = io.BytesIO(body)
    setup_testing_defaults(environ)
    answer = {}

    def start_response(status, headers, exc_info=None):
        answer["status"], answer["headers"] = status, dict(headers)
        return io.BytesIO().write

    result = validator(quickstart.application)(environ, start_response)
    try:
        content = b"".join(result)
    finally:
        result.close()
    return answer["status"], answer["headers"], content


class QuickstartTest(unittest.TestCase):
    def test_page_shows_the_request_escaped(self):
        status, headers, body = call("GET", "/")
        self.assertEqual((status, headers["Content-Type"]), ("200 OK", "text/html; charset=utf-8"))
        self.assertEqual(headers["Content-Length"], str(len(body)))
        self.assertIn(b"<th>X-Note</th><td>&lt;b&gt;</td>", body)
        self.assertNotIn(b"$", body)

    def test_worker_is_described(self):
        with mock.patch.dict("os.environ", {"APPSERVE_POOL": "quickstart", "APPSERVE_SLOT": "1"}):
            facts = json.loads(call("GET", "/worker")[2])
        self.assertEqual((facts["pool"], facts["slot"]), ("quickstart", "1"))

    def test_stream_has_all_its_pieces(self):
        with mock.patch.object(quickstart, "STREAM_PAUSE", 0):
            body = call("GET", "/stream")[2]
        self.assertEqual(body.count(b"\n"), quickstart.STREAM_PIECES)

    def test_echo_counts_the_body(self):
        body = call("POST", "/echo", b"x" * 100_000)[2]
        self.assertTrue(body.startswith(b"100000 bytes arrived\n"), body)

    def test_others_are_refused(self):
        self.assertEqual(call("GET", "/nothing")[0], "404 Not Found")
        status, headers, _ = call("GET", "/kill")
        self.assertEqual((status, headers["Allow"]), ("405 Method Not Allowed", "POST"))


if __name__ == "__main__":
    unittest.main()
