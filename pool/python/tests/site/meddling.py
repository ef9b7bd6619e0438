"""What applications do to their process."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

from basics import answer, hello


def main_module(environ, start_response):
    main = sys.modules["__main__"]
    return answer(
        start_response,
        {
            "file": hasattr(main, "__file__"),
            "argv": sys.argv,
            "path": sys.path,
            "cwd": os.getcwd(),
            "comm": open("/proc/self/comm").read().strip(),
            "oom": int(open("/proc/self/oom_score_adj").read()),
            "thread": threading.current_thread() is threading.main_thread(),
            "threads": [thread.name for thread in threading.enumerate()],
        },
    )


def exits(environ, start_response):
    os._exit(3)


def closes_slots(environ, start_response):
    os.closerange(4, 1000)
    return hello(environ, start_response)


def closes_everything(environ, start_response):
    os.closerange(3, 1000)
    return hello(environ, start_response)


def forks(environ, start_response):
    """Fork; the child does what QUERY_STRING says with "outcome", the parent tells how it ended."""
    pid = os.fork()
    if pid == 0:
        exec(environ["QUERY_STRING"], globals())
        return hello(environ, start_response)
    _, status = os.waitpid(pid, 0)
    code = os.WIFEXITED(status) and os.WEXITSTATUS(status)
    return answer(start_response, [code, os.WIFSIGNALED(status) and os.WTERMSIG(status)])


def child_links(environ, start_response):
    """What a forked child still holds."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            numbers = [number for number in range(3, 100) if os.path.exists(f"/proc/self/fd/{number}")]
            os.write(writable, json.dumps([number for number in numbers if number not in (readable, writable)]).encode())
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    value = json.loads(os.read(readable, 4096))
    os.close(readable)
    os.close(writable)
    return answer(start_response, value)


def leaves_child(environ, start_response):
    """Leave a grandchild behind that holds nothing of the link."""
    pid = os.fork()
    if pid == 0:
        if os.fork() == 0:
            time.sleep(0.5)
        os._exit(0)
    os.waitpid(pid, 0)
    return hello(environ, start_response)


def leaves_thread(environ, start_response):
    def linger():
        time.sleep(0.2)
        print("thread over", flush=True)

    threading.Thread(target=linger).start()
    return hello(environ, start_response)


def at_exit(environ, start_response):
    import atexit

    atexit.register(print, "at exit")
    return hello(environ, start_response)


def own_sigterm(environ, start_response):
    signal.signal(signal.SIGTERM, lambda *_: print("my own SIGTERM", flush=True))
    return hello(environ, start_response)


def terminates_child(environ, start_response):
    """What multiprocessing does to a process that it started."""
    pid = os.fork()
    if pid == 0:
        time.sleep(30)
        os._exit(0)
    os.kill(pid, signal.SIGTERM)
    return answer(start_response, os.waitpid(pid, 0)[1])


def spawns(environ, start_response):
    """A multiprocessing child by spawn: it must not become a worker."""
    import multiprocessing

    queue = multiprocessing.get_context("spawn").SimpleQueue()
    child = multiprocessing.get_context("spawn").Process(target=queue.put, args=("from the child",))
    child.start()
    value = queue.get()
    child.join()
    return answer(start_response, [value, child.exitcode])
