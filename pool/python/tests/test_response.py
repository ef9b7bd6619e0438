"""What applications say, and what appserve gets of it: PEP 3333 in order."""

from __future__ import annotations

import os
import tempfile
import unittest

from harness import BODY, DONE, ERROR, HEAD, INFO, WorkerTest

WHOLE = [HEAD]


class ResponseTest(WorkerTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.pipe = os.path.join(self.folder.name, "pipe")
        os.mkfifo(self.pipe)

    def go_on(self):
        with open(self.pipe, "w") as pipe:
            pipe.write("\n")

    def closed_once(self, taken):
        self.assertEqual(self.ask("/closed").body, f"[[true, {taken}]]".encode())

    def test_whole_response_is_one_message(self):
        for _ in range(2):  # the application's own list of headers must not grow
            answer = self.ask("/hello")
            self.assertEqual([(frame.kind, frame.flags) for frame in answer.frames], [(HEAD, 3)])
            self.assertEqual(answer.frames[0].head(), (200, [("Content-Type", "text/plain"), ("Content-Length", "5")], b"hello"))

    def test_bodies_of_every_size(self):
        sizes = [0, 1, 4000, 4095, 4096, 4097, 65300, *range(65405, 65430), 65527, 65528, 65529, 65536, 131_000, 131_072, 1 << 20]
        for how in ("", "tuple", "halves", "body"):
            for size in sizes if how in ("", "body") else sizes[-2:]:
                answer = self.ask("/sized", QUERY_STRING=f"{size},{how}")
                want = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
                self.assertEqual(answer.body, want)
                self.assertTrue(answer.complete)
                if how != "body":
                    self.assertEqual(answer.headers["Content-Length"], str(size))
                    self.assertNotIn(DONE, answer.kinds, "END carries DONE when there is no close()")

    def test_empty_bodies(self):
        for path in ("/nothing", "/no_chunks"):
            answer = self.ask(path)
            self.assertEqual(answer.headers["Content-Length"], "0")
            self.assertEqual((answer.body, answer.complete), (b"", True))

    def test_streaming_leaves_at_once(self):
        number = self.worker.request("/stream", QUERY_STRING=self.pipe)
        first = self.worker.frame()
        self.assertEqual((first.kind, first.flags, first.head()[2]), (HEAD, 0, b"first"))
        self.assertNotIn("Content-Length", dict(first.head()[1]))
        self.go_on()
        rest = self.worker.finish(number)
        self.assertEqual((rest.kinds, rest.body), ([BODY, BODY, DONE], b"second"))
        self.assertTrue(rest.frames[1].last)

    def test_generator_starts_late(self):
        answer = self.ask("/late_start")
        self.assertEqual((answer.status, answer.body), (200, b"ab"))
        for status, method in (("200+OK", "HEAD"), ("204+No", "GET"), ("304+Not", "GET")):
            answer = self.ask("/late_start", method=method, QUERY_STRING=status)
            self.assertEqual((answer.status, answer.body, answer.complete), (int(status[:3]), b"", True))
            self.assertEqual(self.ask("/taken").body, b"1", "it is not iterated further")

    def test_no_body_for_head_204_304(self):
        cases = (("HEAD", "200,3,abc"), ("HEAD", "200,,abc"), ("GET", "204,,abc"), ("GET", "304,,abc"), ("GET", "304,9"))
        for method, query in cases:
            answer = self.ask("/body", method=method, QUERY_STRING=query)
            self.assertEqual((answer.body, answer.kinds), (b"", [HEAD, DONE]))
            length = query.split(",")[1]
            self.assertEqual(answer.headers.get("content-LENGTH"), length or None)
            self.assertNotIn("Content-Length", answer.headers, "no length is computed from nothing")
            self.closed_once(taken=0)
        answer = self.ask("/hello", method="HEAD")
        self.assertEqual((answer.kinds, answer.frames[0].flags, answer.body), (WHOLE, 3, b""))
        self.assertNotIn("Content-Length", answer.headers)

    def test_declared_length(self):
        answer = self.ask("/body", QUERY_STRING="200,6,abc,def")
        self.assertEqual((answer.body, answer.kinds), (b"abcdef", [HEAD, BODY, DONE]))
        self.assertTrue(answer.frames[1].last, "the end is known with the last byte")
        self.closed_once(taken=3)
        self.assertEqual(self.ask("/length_list", QUERY_STRING="5").kinds, WHOLE)

    def test_more_than_declared_is_cut(self):
        for query, body in (("200,5,abc,def,ghi", b"abcde"), ("200,3,abc,def", b"abc"), ("200,0,abc", b"")):
            answer = self.ask("/body", QUERY_STRING=query)
            self.assertEqual((answer.body, answer.complete), (body, True))
            self.closed_once(taken=query.count(","))
        self.worker.wait_for("the application sent more than its Content-Length of 5 bytes; the rest is cut")
        self.assertEqual(self.ask("/length_list", QUERY_STRING="2").body, b"12")

    def test_less_than_declared_is_an_error(self):
        answer = self.ask("/body", QUERY_STRING="200,9,abc")
        self.assertEqual((answer.body, answer.complete), (b"abc", False))
        says = "appserve.ContractError: short_response: a Content-Length of 9 bytes was declared, 3 bytes were sent\n"
        self.assertEqual(answer.error, (2, says))
        self.closed_once(taken=2)
        answer = self.ask("/body", QUERY_STRING="200,9")
        self.assertEqual(answer.error[0], 3, "nothing was sent, so there can still be a 500")
        self.assertEqual(self.ask("/length_list", QUERY_STRING="6").error[0], 2)

    def test_write(self):
        answer = self.ask("/writes")
        self.assertEqual((answer.body, answer.kinds), (b"one two three", [HEAD, BODY, BODY, BODY]))
        self.assertNotIn("Content-Length", answer.headers)
        self.assertEqual(self.ask("/writes", method="HEAD").body, b"")

    def test_write_of_a_stranger_reaches_nobody(self):
        self.ask("/keeps_write")
        self.assertEqual(self.ask("/stale_write").body, b"mine")
        self.assertEqual(self.worker.wait_for("sent more than").count("sent more than the whole response"), 1)

    def test_end_comes_before_close(self):
        number = self.worker.request("/slow_close", QUERY_STRING=self.pipe)
        frames = [self.worker.frame(), self.worker.frame()]
        self.assertEqual([(frame.kind, frame.flags) for frame in frames], [(HEAD, 0), (BODY, 1)])
        self.go_on()
        self.assertEqual(self.worker.finish(number).kinds, [DONE])

    def test_the_next_head_says_done(self):
        first = self.worker.request("/slow_close", QUERY_STRING=self.pipe)
        second = self.worker.request("/body", QUERY_STRING="200,3,abc")
        frames = [self.worker.frame(), self.worker.frame()]
        self.assertTrue(frames[1].last)
        self.go_on()
        self.assertEqual(self.worker.frame().request, second, "no DONE: the next request was there already")
        self.assertEqual(self.worker.frame().kind, DONE, "nothing is there any more")
        self.assertGreater(second, first)

    def test_close_may_fail(self):
        answer = self.ask("/bad_close")
        self.assertEqual((answer.body, answer.complete, answer.kinds[-1]), (b"done", True, ERROR))
        self.assertEqual((answer.frames[-1].done, answer.error[0]), (True, 2), "the slot is free: close() has ended")
        self.assertIn("ValueError: no closing time", answer.error[1])

    def test_exc_info(self):
        answer = self.ask("/replaced")
        self.assertEqual(answer.frames[0].head(), (500, [("X-Second", "yes"), ("Content-Length", "5")], b"other"))
        answer = self.ask("/too_late")
        self.assertEqual((answer.status, answer.error[0], answer.complete), (200, 2, False))
        self.assertIn("ValueError: seen after the head", answer.error[1])

    def test_file_wrapper(self):
        answer = self.ask("/file_response")
        self.assertEqual(answer.body, b"0123456789" * 15000)
        self.assertEqual(len([kind for kind in answer.kinds if kind in (HEAD, BODY)]), 4, "three blocks and the end")
        self.assertEqual(self.ask("/file_closed").body, b"1")

    def test_early_hints(self):
        answer = self.ask("/hints")
        self.assertEqual(answer.kinds, [INFO, HEAD])
        payload = answer.frames[0].payload
        self.assertEqual(payload[:2], b"\x67\0")
        self.assertEqual(int.from_bytes(payload[2:6], "little"), len(payload) - 6)
        self.assertIn(b"rel=preload", payload)
        self.assertEqual(self.ask("/hints", SERVER_PROTOCOL="HTTP/1.0").error[0], 1, "not offered to HTTP/1.0")

    def test_lenient_with_types_that_mean_the_same(self):
        answer = self.ask("/lenient")
        self.assertEqual((answer.status, answer.headers), (201, {"X-A": "b", "X-C": "d", "Content-Length": "2"}))

    def test_latin_1_both_ways(self):
        every = "".join(map(chr, range(256)))
        answer = self.ask("/latin", QUERY_STRING=every)
        self.assertEqual(answer.headers["X-Query"], every)

    def test_validator_is_content(self):
        self.assertEqual(self.ask("/validated", method="POST", body=b"data", CONTENT_TYPE="text/plain").body, b"valid data")
        self.assertEqual(self.ask("/validated").body, b"valid ")
        self.assertEqual(self.ask("/validated_stream").body, b"written streamed")
        self.assertEqual(self.ask("/validated", SERVER_PROTOCOL="HTTP/1.0").status, 200)
        self.assertNotIn("WARN", self.worker.printed().upper())


if __name__ == "__main__":
    unittest.main()
