"""When garbage is collected."""

from __future__ import annotations

import gc
import json
import signal
import sys
import time
import unittest
import unittest.mock

from harness import DEADLINE, Worker

from _appserve_garbage import YOUNG, Garbage

FROZEN = 1000  # Python 3.12 freezes some hundred objects by itself
NEW = 2000  # objects that are worth a collection
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

    def test_garbage_is_collected_before_the_next_request(self):
        worker = self.worker()
        worker.ask("/cycles", QUERY_STRING="2000")
        self.assertEqual(worker.ask("/collected").body, b"2000")

    def test_nor_does_it_wait_for_an_idle_moment(self):
        worker = self.worker()
        worker.process.send_signal(signal.SIGSTOP)  # so that the second waits when the first is done
        numbers = [worker.request("/cycles", QUERY_STRING="2000"), worker.request("/collected")]
        worker.process.send_signal(signal.SIGCONT)
        for number in numbers[:-1]:
            while not (frame := worker.frame()).last:
                self.assertEqual(frame.request, number)
        self.assertEqual(worker.finish(numbers[-1]).body, b"2000")

    def test_the_slot_is_not_free_before(self):
        worker = self.worker()
        for new, frames in (("10", 1), (str(NEW), 2)):
            answer = worker.ask("/cycles", QUERY_STRING=new)
            self.assertEqual(len(answer.frames), frames, "a message of its own says DONE when there is garbage")

    def test_little_garbage_stays(self):
        worker = self.worker()
        worker.ask("/cycles", QUERY_STRING="100")
        worker.tell("ping", n=1)
        worker.receive("pong")
        self.assertEqual(worker.ask("/collected").body, b"0")

    def test_old_garbage_is_found_when_the_worker_is_idle(self):
        worker = self.worker()
        many = 5
        worker.ask("/keep", QUERY_STRING=str(many))
        self.let_age(worker)
        worker.ask("/keep", QUERY_STRING="0")
        before = int(worker.ask("/collected").body)
        self.assertEqual(int(worker.ask("/collected").body), before, "only a look at all objects finds them")
        made = 0
        end = time.monotonic() + DEADLINE
        while int(worker.ask("/collected").body) < before + made + many:
            self.assertLess(time.monotonic(), end, f"{made // NEW} collections later")
            worker.ask("/cycles", QUERY_STRING=str(NEW))
            made += NEW
            time.sleep(0.003)  # an idle moment

    def let_age(self, worker):
        """Have everything that lives survive the collection of the middle generation."""
        for _ in range(20):
            worker.ask("/cycles", QUERY_STRING=str(NEW))

    def test_threads_collect_as_python_does(self):
        worker = self.worker(threads=2)
        thresholds, _, _ = self.collector(worker)
        self.assertEqual(thresholds, [50_000, 20, 100])
        worker.ask("/cycles", QUERY_STRING="20000")
        self.assertEqual(worker.ask("/collected").body, b"0", "another thread may be in the middle of a request")


@unittest.skipUnless(CPYTHON, "another collector")
class ScheduleTest(unittest.TestCase):
    """Which collections there are, with a clock and a collector of the test's."""

    def setUp(self):
        self.collections = []
        self.now = 1000.0
        self.cost = 0.5
        for name, replacement in (("gc.collect", self.collect), ("monotonic", lambda: self.now)):
            patch = unittest.mock.patch(f"_appserve_garbage.{name}", replacement)
            patch.start()
            self.addCleanup(patch.stop)
        self.garbage = Garbage()
        self.garbage.young = lambda: (YOUNG + 1, 0, 0)

    def collect(self, generation=2):
        self.collections.append(generation)
        if generation == 2:
            self.now += self.cost

    def test_one_in_ten_is_of_the_middle_generation(self):
        for _ in range(20):
            self.garbage.collect()
        self.assertEqual(self.collections, ([0] * 9 + [1]) * 2)

    def test_few_new_objects_are_left_alone(self):
        self.garbage.young = lambda: (YOUNG, 0, 0)
        self.garbage.collect()
        self.garbage.collect_idle()
        self.assertEqual(self.collections, [])

    def test_all_objects_are_looked_at_in_an_idle_moment_after_a_hundred(self):
        for _ in range(99):
            self.garbage.collect()
            self.garbage.collect_idle()
        self.assertNotIn(2, self.collections)
        self.garbage.collect()
        self.garbage.collect_idle()
        self.assertEqual(self.collections[-1], 2)

    def test_and_in_any_case_after_a_thousand(self):
        for _ in range(1000):
            self.garbage.collect()
        self.assertEqual(self.collections[-1], 2)
        self.assertEqual(self.collections.count(2), 1)

    def test_which_takes_a_hundredth_of_the_time_at_most(self):
        start, rounds = self.now, 20_000
        for _ in range(rounds):
            self.garbage.collect()
            self.garbage.collect_idle()
            self.now += 0.01
        spent = self.collections.count(2) * self.cost
        self.assertGreater(spent, 0)
        self.assertLess(spent, (self.now - start) / 80)
