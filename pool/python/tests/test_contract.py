"""Applications that break PEP 3333 get told so, by type, and harm nobody else."""

from __future__ import annotations

import unittest

from harness import WorkerTest

HEADERS = "[('Content-Type', 'text/plain')]"

BREAKS = [
    # status, headers, result: what the report must say
    ("200", HEADERS, "[b'']", "the status must be a str such as '200 OK', not an int"),
    ("b'200 OK'", HEADERS, "[b'']", "not bytes"),
    ("None", HEADERS, "[b'']", "not None"),
    ("http.HTTPStatus.OK", HEADERS, "[b'']", "not a HTTPStatus"),
    ("'OK'", HEADERS, "[b'']", "not 'OK'"),
    ("'2000 OK'", HEADERS, "[b'']", "not '2000 OK'"),
    ("'\u0662\u0660\u0660 OK'", HEADERS, "[b'']", "three digits"),
    ("''", HEADERS, "[b'']", "not ''"),
    ("'199 Low'", HEADERS, "[b'']", "between 200 and 599, not 199"),
    ("'600 High'", HEADERS, "[b'']", "between 200 and 599, not 600"),
    ("'101 Switching Protocols'", HEADERS, "[b'']", "for WebSockets use an asgi pool"),
    ("'200 OK\\r\\nX-Injected: yes'", HEADERS, "[b'']", "the status holds a line break or a NUL: '200 OK\\r"),
    ("'200 O\\nK'", HEADERS, "[b'']", "line break"),
    ("'200 OK\\0'", HEADERS, "[b'']", "NUL"),
    ("'200 OK'", "None", "[b'']", "the headers must be a list of (name, value), not None"),
    ("'200 OK'", "{'Content-Type': 'x'}", "[b'']", "a header must be a tuple (name, value), not a str: 'Content-Type'"),
    ("'200 OK'", "['Content-Type: x']", "[b'']", "not a str"),
    ("'200 OK'", "['ab']", "[b'']", "not a str"),
    ("'200 OK'", "[('a', 'b', 'c')]", "[b'']", "not a tuple: ('a', 'b', 'c')"),
    ("'200 OK'", "[(b'X-A', 'b')]", "[b'']", "the name of a header must be a str, not bytes: b'X-A'"),
    ("'200 OK'", "[('Content-Length', 5)]", "[b'']", "the value of header 'Content-Length' must be a str, not an int"),
    ("'200 OK'", "[('X-A', None)]", "[b'']", "the value of header 'X-A' must be a str, not None"),
    ("'200 OK'", "[('Content-Length', '-5')]", "[b'']", "the Content-Length must be a number, not '-5'"),
    ("'200 OK'", "[('Content-Length', '9' * 19)]", "[b'']", "the Content-Length is too large: 9999999999999999999"),
    ("'200 OK'", "[('X', 'y')] * 257", "[b'']", "257 headers; 256 are the most"),
    ("'200 OK'", "[('X', 'y' * 66000)]", "[b'']", "the headers take 660"),
]

RESULTS = [
    ("None", "the application returned None; it must return an iterable of bytes, such as [body]"),
    ("b'bytes'", "the application returned bytes; it must"),
    ("'text'", "the application returned a str; it must"),
    ("7", "the application returned an int; it must"),
    ("['text']", "the application yielded a str; a body is made of bytes"),
    ("['']", "the application yielded a str"),
    ("('text', b'x')", "the application yielded a str"),
    ("iter([None])", "the application yielded None"),
    ("[bytearray(b'x')]", "the application yielded a bytearray"),
    ("Body(1)", "the application yielded an int"),
]


class ContractTest(WorkerTest):
    def test_start_response(self):
        for status, headers, result, says in BREAKS:
            with self.subTest(says):
                report = self.refused("/breaks", says, QUERY_STRING=f"{status}, {headers}, {result}")
                self.assertIn("appserve.ContractError: ", report)
                self.assertNotIn("_appserve", report, "our own frames are no news to the application")

    def test_result(self):
        for result, says in RESULTS:
            with self.subTest(result):
                self.refused("/result", says, QUERY_STRING=result)
        self.assertEqual(self.ask("/closed").body, b"[[true, 1]]", "close() runs all the same")

    def test_coroutine(self):
        self.refused("/coroutine", "the application returned a coroutine")
        self.assertNotIn("never awaited", self.worker.printed())

    def test_never_started(self):
        for result in ("[]", "iter(())"):
            self.refused("/silent", "the application never called start_response()", QUERY_STRING=result)
        for result in ("[b'x']", "[b'x', b'y']", "iter([b'x'])"):
            self.refused("/silent", "sent a body before it called start_response()", QUERY_STRING=result)

    def test_started_twice(self):
        report = self.refused("/twice", "start_response() was called a second time, without exc_info")
        self.assertIn('apps.py", line', report)
        self.assertIn('start_response("200 OK", TEXT)', report, "the guilty line is shown")

    def test_write_of_text(self):
        self.refused("/writes_text", "write() takes bytes, not a str")

    def test_bad_chunk_after_the_head(self):
        self.assertEqual(self.ask("/result", QUERY_STRING="Body(b'begun', 'text')").error[0], 2)


if __name__ == "__main__":
    unittest.main()
