"""What applications raise: the request gets a 500 or its end, the worker goes on."""

from __future__ import annotations

import unittest

from harness import DONE, ERROR, HEAD, WorkerTest


class ErrorTest(WorkerTest):
    def test_before_the_head(self):
        report = self.refused("/raises", phase=1, QUERY_STRING="ValueError('no such page')")
        lines = report.splitlines()
        self.assertEqual(lines[0], "Traceback (most recent call last):")
        self.assertIn('apps.py", line', lines[1], "the first frame is the application's")
        self.assertEqual(lines[-1], "ValueError: no such page")
        self.assertNotIn("_appserve", report)

    def test_one_message_when_nothing_is_left_to_close(self):
        answer = self.ask("/raises", QUERY_STRING="ValueError()")
        self.assertEqual([(frame.kind, frame.flags) for frame in answer.frames], [(ERROR, 2)])

    def test_first_chunk(self):
        self.refused("/raises_first", "KeyError: 'x'", phase=1, QUERY_STRING="KeyError('x')")
        self.assertEqual(self.ask("/closed").body, b"[[true, 1]]")

    def test_after_the_head(self):
        answer = self.ask("/raises_later", QUERY_STRING="ValueError('in the middle')")
        self.assertEqual((answer.kinds, answer.complete), ([HEAD, ERROR, DONE], False))
        self.assertEqual(answer.error[0], 2)
        self.assertEqual(self.ask("/closed").body, b"[[true, 2]]")

    def test_whatever_it_is(self):
        for raised in ("KeyboardInterrupt()", "GeneratorExit()", "Own('x')", "MemoryError()", "StopIteration()", "Own"):
            with self.subTest(raised):
                self.refused("/raises", raised.split("(")[0], phase=1, QUERY_STRING=raised)

    def test_sys_exit(self):
        for code in ("", "0", "3", "'text'"):
            self.refused("/raises", "SystemExit", phase=1, QUERY_STRING=f"SystemExit({code})")
            message = self.worker.receive("recycle")
            self.assertEqual((message["reason"], message["request"] > 0), ("app_exit", True))

    def test_own_disconnect_is_none(self):
        report = self.refused("/raises", "ConnectionResetError", phase=1, QUERY_STRING="ConnectionResetError('database')")
        self.assertIn("database", report)

    def test_unprintable(self):
        self.refused("/raises", "Unprintable", phase=1, QUERY_STRING="Unprintable()")

    def test_long_reports_are_cut(self):
        self.assertIn("RecursionError", self.refused("/deep", phase=1))
        report = self.refused("/wide", phase=1)
        self.assertTrue(report.startswith("...\n"), report[:40])
        self.assertTrue(report.endswith("\u0142\n"))

    def test_chained(self):
        report = self.refused("/chained", "KeyError: 'first'", "direct cause", "ValueError: second", phase=1)
        self.assertEqual(report.count("Traceback"), 2)

    def test_raising_after_the_last_byte(self):
        answer = self.ask("/result_with_length")
        self.assertEqual((answer.kinds, answer.complete, answer.error[0]), ([HEAD, ERROR, DONE], True, 2))
        self.assertIn("too late to matter", answer.error[1])

    def test_raising_after_done_is_only_printed(self):
        answer = self.ask("/list_with_length")
        self.assertEqual((answer.kinds, answer.complete), ([HEAD], True))
        self.assertIn("raised after its response was complete", self.worker.wait_for("yielded an int"))

    def test_both_the_body_and_its_close_raise(self):
        answer = self.ask("/bad_twice")
        self.assertEqual([kind for kind in answer.kinds if kind != DONE], [HEAD, ERROR, ERROR])
        self.assertEqual([frame.payload[0] for frame in answer.frames if frame.kind == ERROR], [2, 2])
        self.assertEqual(self.ask("/hello").body, b"hello", "the slot is free exactly once")


if __name__ == "__main__":
    unittest.main()
