"""What applications find in environ and wsgi.input."""

from __future__ import annotations

import json
import socket
import struct
import tempfile
import unittest
from array import array

from harness import Worker, WorkerTest


class RequestTest(WorkerTest):
    def see(self, path, **how):
        answer = self.ask(path, **how)
        self.assertIsNone(answer.error, answer.error)
        return json.loads(answer.body)

    def test_environ(self):
        environ = self.see("/environment", PATH_INFO="/environment", HTTP_X_LATIN="\xe9")
        self.assertIn("BytesIO", environ.pop("wsgi.input"))
        self.assertIn("early_hints", environ.pop("wsgi.early_hints"))
        self.assertIn("FileWrapper", environ.pop("wsgi.file_wrapper"))
        self.assertIn("stderr", environ.pop("wsgi.errors"))
        self.assertEqual(
            environ,
            {
                "REQUEST_METHOD": "GET",
                "SCRIPT_NAME": "",
                "PATH_INFO": "/environment",
                "QUERY_STRING": "",
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": "",
                "REQUEST_URI": "/environment",
                "RAW_URI": "/environment",
                "REQUEST_SCHEME": "http",
                "wsgi.url_scheme": "http",
                "HTTP_HOST": "localhost",
                "HTTP_X_LATIN": "\xe9",
                "SERVER_SOFTWARE": "appserve",
                "wsgi.version": [1, 0],
                "wsgi.multithread": False,
                "wsgi.multiprocess": True,
                "wsgi.run_once": False,
                "wsgi.input_terminated": True,
            },
        )

    def test_environ_with_identity(self):
        fields = ("FORWARDED_FOR", "FORWARDED_PROTO", "FORWARDED_HOST", "FORWARDED_PORT", "REAL_IP", "REQUEST_ID")
        identity = {f"HTTP_X_{field}": field.lower() for field in fields}
        environ = self.see("/environment", HTTP_ACCEPT="*/*", **identity)
        self.assertLessEqual(identity.items(), environ.items())
        self.assertEqual((environ["HTTP_HOST"], environ["HTTP_ACCEPT"], environ["REMOTE_ADDR"]), ("localhost", "*/*", ""))

    def test_environ_is_fresh(self):
        for _ in range(2):
            self.ask("/scribbles")
        self.assertIn("wsgi.version", self.see("/environment"))
        self.assertNotIn("wsgi.early_hints", self.see("/environment", SERVER_PROTOCOL="HTTP/1.0"))

    def test_bodies(self):
        for size in (0, 1, 5000, 65536):
            data = bytes(range(256)) * (size // 256) + b"y" * (size % 256)
            self.assertEqual(self.ask("/echo", method="POST", body=data).body, data)

    def test_body_in_a_descriptor(self):
        with tempfile.TemporaryFile() as file:
            file.write(b"0123456789" * 100_000)
            file.flush()
            offset = file.tell()
            for _ in range(2):  # dispatched again, it is read from its start again
                self.assertEqual(self.ask("/echo", method="POST", file=file).body, b"0123456789" * 100_000)
            self.assertEqual(file.tell(), offset, "the reader has an offset of its own")

    def test_body_of_a_request_that_was_taken_back(self):
        worker = Worker()
        self.addCleanup(worker.close)
        with tempfile.TemporaryFile() as stray, tempfile.TemporaryFile() as file:
            file.write(b"mine")
            file.flush()
            rights = array("i", [stray.fileno()])
            worker.bodies.sendmsg([struct.pack("<BBHI", 1, 1, 0, 77777)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            self.assertEqual(worker.ask("/echo", method="POST", file=file).body, b"mine")

    def test_reading_by_line(self):
        data = b"abcline\nxyz\none\ntwo\nthree"
        want = ["", "abc", "line\n", "xy", ["z\n"], ["one\n", "two\n", "three"], "", ""]
        self.assertEqual(self.see("/lines", method="POST", body=data), want)
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            self.assertEqual(self.see("/lines", method="POST", file=file), want)

    def test_no_descriptor_is_left(self):
        before = self.see("/descriptors")
        with tempfile.TemporaryFile() as file:
            file.write(b"x" * 100_000)
            file.flush()
            for path in ("/echo", "/hello", "/raises", "/stream_of_nothing"):
                for _ in range(5):
                    self.ask(path, method="POST", file=file, QUERY_STRING="ValueError()")
        self.assertEqual(self.see("/descriptors"), before)
        self.assertEqual(len(before), 7, "0, 1, 2, control, slot, bodies, and the listing itself")

    def test_child_programs_inherit_nothing(self):
        with tempfile.TemporaryFile() as file:
            file.write(b"x" * 100_000)
            file.flush()
            self.assertEqual(self.see("/child_descriptors", method="POST", file=file), "[]")


if __name__ == "__main__":
    unittest.main()
