"""The control connection answers whatever the application is doing."""

from __future__ import annotations

import json
import os
import random
import signal
import tempfile
import time
import unittest
from pathlib import Path

from harness import BODY, DEADLINE, DONE, HEAD, Worker, WorkerTest


class ControlTest(WorkerTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pipe = os.path.join(folder.name, "pipe")
        os.mkfifo(self.pipe)

    def go_on(self):
        Path(self.pipe).write_text("\n")

    def dump(self):
        self.worker.tell("dump")
        message = self.worker.receive("dump")
        self.assertEqual(message["omitted"], 0)
        return {thread["name"]: thread for thread in message["threads"]}, message["threads"]

    def waiting(self):
        """Start a request; return its id, and a dump in which the application is where it waits."""
        number = self.worker.request("/wait", QUERY_STRING=self.pipe)
        while True:
            threads, ordered = self.dump()
            main = threads["MainThread"]
            if main["request"] == number and "in wait" in main["stack"]:
                return number, threads, ordered

    def wait_until_all_sleep(self):
        deadline = time.monotonic() + DEADLINE
        tasks = f"/proc/{self.worker.process.pid}/task"
        while not all(Path(tasks, task, "stat").read_text().rpartition(")")[2].split()[0] == "S" for task in os.listdir(tasks)):
            self.assertLess(time.monotonic(), deadline)

    def test_ping_while_the_application_has_the_gil(self):
        number = self.worker.request("/spin")
        for n in (1, 2, 1 << 40):
            self.worker.tell("ping", n=n)
            self.assertEqual(self.worker.receive("pong")["n"], n)
        self.assertEqual(self.worker.finish(number).body, b"hello")

    def test_dump_of_a_running_request(self):
        number, threads, ordered = self.waiting()
        main = threads["MainThread"]
        self.assertIs(ordered[0], main, "who runs a request comes first")
        self.assertTrue(main["stack"].startswith('  File "'), main["stack"])
        self.assertIn("with open(", main["stack"])
        self.assertNotIn("_appserve", main["stack"])
        self.assertEqual(threads["appserve-control"]["request"], 0)
        self.go_on()
        self.worker.finish(number)

    def test_dump_of_an_idle_worker_shows_our_source(self):
        main = self.dump()[0]["MainThread"]
        self.assertEqual(main["request"], 0)
        self.assertIn("receive(buffer)", main["stack"])

    @unittest.skipUnless(hasattr(signal, "SIGRTMIN"), "no real-time signals")
    def test_dump_by_signal(self):
        number, _, _ = self.waiting()
        self.wait_until_all_sleep()  # the fault handler reads a running thread's frames at its own risk
        os.kill(self.worker.process.pid, self.worker.hello["signals"]["dump"])
        self.assertIn("apps.py", self.worker.wait_for("in wait"))
        self.go_on()
        self.assertEqual(self.worker.finish(number).status, 200)

    def test_cancel_ends_a_stream(self):
        number = self.worker.request("/endless")
        self.assertEqual([self.worker.frame().kind, self.worker.frame().kind], [HEAD, BODY])
        self.worker.tell("cancel", id=number, reason=1)
        answer = self.worker.finish(number)
        self.assertEqual((answer.complete, answer.error, answer.kinds[-1]), (False, None, DONE))
        ((same_thread, _),) = json.loads(self.ask("/closed").body)
        self.assertTrue(same_thread)

    def test_cancel_is_an_error_of_the_system_to_the_application(self):
        number = self.worker.request("/endless_write")
        self.worker.frame()
        self.worker.tell("cancel", id=number, reason=1)
        self.assertIsNone(self.worker.finish(number).error)
        self.assertEqual(self.ask("/gone").body, b'"OSError ClientDisconnected"')

    def test_cancel_before_the_response(self):
        number = self.worker.request("/wait", QUERY_STRING=self.pipe)
        self.worker.tell("cancel", id=number, reason=2)
        self.worker.tell("ping", n=1)
        self.worker.receive("pong")
        self.go_on()
        self.assertEqual(self.worker.finish(number).kinds, [DONE])

    def test_a_cancelled_request_says_done_though_another_waits(self):
        number = self.worker.request("/wait", QUERY_STRING=self.pipe)
        waiting = self.worker.request("/hello")
        self.worker.tell("cancel", id=number, reason=2)
        self.worker.tell("ping", n=1)
        self.worker.receive("pong")
        self.go_on()
        self.assertEqual(self.worker.finish(number).kinds, [DONE], "or appserve could not follow")
        self.assertEqual(self.worker.finish(waiting).body, b"hello")

    def test_cancel_of_unknown_requests(self):
        for number in range(1 << 20, (1 << 20) + 2000):
            self.worker.tell("cancel", id=number, reason=1)
        self.assertEqual(self.ask("/hello").body, b"hello")

    def test_junk(self):
        chance = random.Random(7)
        junk = [b"x", b"{}", b"[]", b"null", b'{"type": 1}', b'{"type":"ping"}', b"\xff\xfe{", b"[" * 5000]
        junk += [b'{"type":"cancel","id":"x","reason":[]}', b'{"type":"start","threads":1']
        junk += [bytes(chance.randrange(256) for _ in range(chance.randrange(1, 300))) for _ in range(40)]
        for data in junk:
            self.worker.control.send(data)
        self.worker.tell("ping", n=9)
        self.assertEqual(self.worker.receive("pong")["n"], 9)
        self.assertEqual(self.ask("/hello").body, b"hello")
        self.worker.wait_for("control message not understood")


class ManyThreadsTest(unittest.TestCase):
    def test_dump_is_one_message(self):
        worker = Worker(threads=100)
        self.addCleanup(worker.close)
        number = worker.request("/sleep", slot=99, QUERY_STRING="0.2")
        while True:
            worker.tell("dump")
            data = worker.control.recv(1 << 18)
            self.assertLess(len(data), 1 << 16)
            message = json.loads(data)
            if message["threads"][0]["request"] == number:
                break
        self.assertEqual(len(message["threads"]) + message["omitted"], 102)
        self.assertEqual(worker.finish(number, slot=99).body, b"hello")


class ImportTest(unittest.TestCase):
    def test_an_import_that_hangs_can_be_asked_why(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "hangs.py").write_text("import time\nwhile True:\n    time.sleep(0.01)\n")
            worker = Worker(start=False)
            self.addCleanup(worker.close)
            worker.send_start("hangs", chdir=folder)
            stack = self.hanging_stack(worker)
            self.assertIn("time.sleep(0.01)", stack)
            self.assertNotIn("importlib", stack)

    def hanging_stack(self, worker):
        while True:
            worker.tell("dump")
            threads = worker.receive("dump")["threads"]
            stack = next(thread["stack"] for thread in threads if thread["name"] == "MainThread")
            if "hangs.py" in stack:
                return stack


if __name__ == "__main__":
    unittest.main()
