"""How a worker ends, and what applications do to it on the way."""

from __future__ import annotations

import json
import os
import select
import signal
import tempfile
import time
import unittest
from pathlib import Path

from harness import DEADLINE, DONE, ERROR, Worker


class LifeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pipe = os.path.join(folder.name, "pipe")
        os.mkfifo(self.pipe)

    def worker(self, **how):
        worker = Worker(**how)
        self.addCleanup(worker.close)
        return worker

    def go_on(self):
        Path(self.pipe).write_text("\n")

    def running(self, worker, slot=0):
        """Start a request that waits for the pipe; return its id once the application has it."""
        number = worker.request("/wait", QUERY_STRING=self.pipe, slot=slot)
        while True:
            worker.tell("dump")
            if any(thread["request"] == number for thread in worker.receive("dump")["threads"]):
                return number

    # Told to end.

    def test_drain_when_idle(self):
        worker = self.worker()
        worker.ask("/at_exit")
        worker.tell("drain")
        self.assertEqual(worker.wait(), 0)
        self.assertEqual(worker.printed(), "at exit\n")

    def test_drain_serves_what_it_was_given(self):
        worker = self.worker()
        running = self.running(worker)
        waiting = worker.request("/hello")
        worker.tell("drain")
        worker.tell("ping", n=1)
        worker.receive("pong")
        with self.assertRaises(BrokenPipeError):
            worker.request("/hello")  # whoever is late learns of it, and may send it elsewhere
        self.go_on()
        self.assertEqual(worker.finish(running).body, b"MainThread")
        self.assertEqual(worker.finish(waiting).body, b"hello")
        self.assertEqual(worker.wait(), 0)

    def test_drain_of_threads(self):
        worker = self.worker(threads=3)
        running = self.running(worker, slot=2)
        worker.tell("drain")
        self.go_on()
        self.assertEqual(worker.finish(running, slot=2).body, b"appserve-slot-2")
        self.assertEqual(worker.wait(), 0)

    def test_drain_before_and_during_the_import(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "slow.py").write_text(f"open({self.pipe!r}).readline()\ndef app(e, s): pass\n")
            worker = self.worker(start=False)
            worker.send_start("slow", chdir=folder)
            worker.tell("drain")
            worker.tell("ping", n=1)
            worker.receive("pong")
            self.go_on()
            self.assertEqual(worker.wait(), 0)

    def test_sigterm(self):
        worker = self.worker()
        running = self.running(worker)
        os.kill(worker.process.pid, signal.SIGTERM)
        self.assertEqual(worker.receive("recycle"), {"type": "recycle", "reason": "sigterm", "request": 0})
        self.go_on()
        self.assertEqual(worker.finish(running).status, 200)
        self.assertEqual(worker.wait(), 0)

    def test_sigterm_of_threads(self):
        worker = self.worker(threads=2)
        os.kill(worker.process.pid, signal.SIGTERM)
        self.assertEqual(worker.wait(), 0)

    def test_sigterm_that_the_application_took(self):
        worker = self.worker()
        worker.ask("/own_sigterm")
        os.kill(worker.process.pid, signal.SIGTERM)
        worker.wait_for("my own SIGTERM")
        worker.tell("drain")
        self.assertEqual(worker.wait(), 0)

    def test_sigint_is_ignored(self):
        worker = self.worker()
        number = self.running(worker)
        os.kill(worker.process.pid, signal.SIGINT)
        worker.tell("ping", n=1)
        worker.receive("pong")
        self.go_on()
        self.assertEqual(worker.finish(number).status, 200)

    # Left alone.

    def test_appserve_gone_when_idle(self):
        worker = self.worker()
        worker.control.close()
        self.assertEqual(worker.wait(), 70)

    def test_appserve_gone_with_messages_unread(self):
        worker = self.worker()
        worker.tell("dump")
        worker.tell("ping", n=1)
        worker.receive("dump")
        self.wait_readable(worker.control)
        worker.control.close()
        self.assertEqual(worker.wait(), 70)

    def test_slot_gone_with_a_response_unread(self):
        worker = self.worker()
        worker.request("/hello")
        self.wait_readable(worker.slots[0])
        worker.slots[0].close()
        self.assertEqual(worker.wait(), 0)
        self.assertEqual(worker.printed(), "", "it was not the application that closed it")

    def wait_readable(self, end):
        self.assertEqual(select.select([end], [], [], DEADLINE)[0], [end])

    def test_appserve_gone_lets_a_request_finish(self):
        worker = self.worker()
        number = self.running(worker)
        worker.control.close()
        self.go_on()
        self.assertEqual(worker.finish(number).body, b"MainThread")
        self.assertEqual(worker.wait(), 70)

    @unittest.skipUnless(os.environ.get("APPSERVE_TEST_SLOW"), "takes five seconds; asked for once")
    def test_appserve_gone_for_five_seconds(self):
        worker = self.worker()
        self.running(worker)
        begun = time.monotonic()
        worker.control.close()
        self.assertEqual(worker.wait(), 70)
        self.assertGreater(time.monotonic() - begun, 4.9)

    def test_appserve_killed(self):
        worker = self.worker(threads=2)
        worker.request("/endless", slot=1)
        for end in (worker.control, *worker.slots):
            end.close()
        self.assertIn(worker.wait(), (0, 70), "the slots may notice before the control connection does")

    def test_link_nonsense(self):
        for message in (b"x", b"\x01\0\0\0\1\0\0\0\xff\xff\xff\x7f", b"\x02" + b"\0" * 20):
            worker = self.worker()
            worker.slots[0].send(message)
            self.assertEqual(worker.wait(), 72)
            self.assertIn("appserve: protocol error on the link", worker.printed())

    # What applications do.

    def test_exit_of_the_process(self):
        worker = self.worker()
        worker.request("/exits")
        self.assertEqual(worker.wait(), 3)

    def test_closed_slots_are_reported(self):
        worker = self.worker(threads=2)
        worker.request("/closes_slots")
        self.assertIn(worker.receive("link_closed")["slot"], (0, 1))

    def test_closed_link_ends_the_worker(self):
        worker = self.worker()
        worker.request("/closes_everything")
        self.assertEqual(worker.wait(), 71)
        self.assertIn("the application closed the descriptors of its worker", worker.printed())

    def test_forks(self):
        worker = self.worker()
        for outcome, want in (
            ("import os; os._exit(4)", [4, False]),
            ("raise SystemExit(5)", [5, False]),
            ("import sys; sys.exit()", [0, False]),
            ("raise SystemExit('x')", [1, False]),
            ("raise ValueError", [1, False]),
            ("pass", [1, False]),
        ):
            with self.subTest(outcome):
                self.assertEqual(json.loads(worker.ask("/forks", QUERY_STRING=outcome).body), want)
        self.assertIn("a forked child of the application returned from it", worker.printed())
        self.assertEqual(json.loads(worker.ask("/child_links").body), [])
        self.assertEqual(worker.ask("/terminates_child").body, b"15")
        self.assertEqual(worker.ask("/leaves_child").body, b"hello")
        worker.tell("drain")
        self.assertEqual(worker.wait(), 0)

    def test_multiprocessing_spawn(self):
        self.assertEqual(self.worker().ask("/spawns").body, b'["from the child", 0]')

    def test_thread_left_behind(self):
        worker = self.worker()
        worker.ask("/leaves_thread")
        worker.tell("drain")
        self.assertEqual(worker.wait(), 0)
        self.assertEqual(worker.printed(), "thread over\n")


class ThreadsTest(unittest.TestCase):
    def test_slots_are_independent(self):
        with tempfile.TemporaryDirectory() as folder:
            pipe = os.path.join(folder, "pipe")
            os.mkfifo(pipe)
            worker = Worker(threads=2)
            self.addCleanup(worker.close)
            number = worker.request("/wait", QUERY_STRING=pipe, slot=0)
            for _ in range(20):
                self.assertEqual(worker.ask("/hello", slot=1).body, b"hello")
            self.assertEqual(json.loads(worker.ask("/environment", slot=1).body)["wsgi.multithread"], True)
            answer = worker.ask("/raises", slot=1, QUERY_STRING="SystemExit()")
            self.assertEqual(answer.kinds, [ERROR])
            self.assertEqual(worker.receive("recycle")["reason"], "app_exit")
            answer = worker.ask("/raises_later", slot=1, QUERY_STRING="SystemExit()")
            self.assertEqual(answer.kinds[-1], DONE)
            Path(pipe).write_text("\n")
            self.assertEqual(worker.finish(number).body, b"appserve-slot-0")


if __name__ == "__main__":
    unittest.main()
