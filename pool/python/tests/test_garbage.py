"""When garbage is collected."""

from __future__ import annotations

import gc
import json
import sys
import time
import unittest

from harness import DEADLINE, Worker

FROZEN = 1000  # Python 3.12 freezes some hundred objects by itself
CPYTHON = sys.implementation.name == "cpython"


@unittest.skipUnless(CPYTHON, "another collector")
class GarbageTest(unittest.TestCase):
    def worker(self, *app, **settings):
        worker = Worker(*app, **settings)
        self.addCleanup(worker.close)
        return worker

    def collector(self, worker):
        """Thresholds, frozen objects and whether it is on."""
        return json.loads(worker.ask("/collector").body)

    def test_the_boot_is_frozen(self):
        thresholds, frozen, enabled = self.collector(self.worker())
        self.assertEqual((thresholds, enabled), ([50_000, 20, 100], True))
        self.assertGreater(frozen, FROZEN)

    def test_off_leaves_python_alone(self):
        thresholds, frozen, enabled = self.collector(self.worker(gc="off"))
        self.assertEqual((thresholds, enabled), ([*gc.get_threshold()], True))
        self.assertLess(frozen, FROZEN)

    def test_an_application_has_its_own_way(self):
        thresholds, frozen, enabled = self.collector(self.worker("own_gc"))
        self.assertEqual((thresholds, enabled), ([1234, 5, 6], True))
        self.assertLess(frozen, FROZEN)

    def test_garbage_waits_for_an_idle_moment(self):
        worker = self.worker()
        many = 20_000
        worker.ask("/cycles", QUERY_STRING=str(many))
        end = time.monotonic() + DEADLINE
        while int(worker.ask("/collected").body) < many:  # a question may come just before the moment
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def test_little_garbage_stays(self):
        worker = self.worker()
        worker.ask("/cycles", QUERY_STRING="2000")
        worker.tell("ping", n=1)
        worker.receive("pong")
        self.assertEqual(worker.ask("/collected").body, b"0")

    def test_threads_collect_as_python_does(self):
        worker = self.worker(threads=2)
        thresholds, _, _ = self.collector(worker)
        self.assertEqual(thresholds, [50_000, 20, 100])
        worker.ask("/cycles", QUERY_STRING="20000")
        self.assertEqual(worker.ask("/collected").body, b"0", "another thread may be in the middle of a request")
