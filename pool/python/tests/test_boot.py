"""From the start message to ready, or to a failure that says why."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

from harness import HERE, ROOT, Worker

sys.path.insert(0, str(ROOT))
from _appserve_loader import LoadError, load

SITE = str(HERE / "site")


class LoaderTest(unittest.TestCase):
    """The loader by itself, in this process."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(os.path.realpath(folder.name))
        self.addCleanup(os.chdir, os.getcwd())
        self.addCleanup(sys.path.__setitem__, slice(None), sys.path[:])
        self.addCleanup(self.forget)

    def forget(self):
        """Let the next load import the modules of this test's folder again."""
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(str(self.folder)):
                del sys.modules[name]

    def load(self, app, files=(), **settings):
        self.forget()
        self.write(files)
        return load({"app": app, "chdir": str(self.folder), "pythonpath": [], "interface": "auto", **settings})

    def boots(self, app, **how):
        application = self.load(app, **how)
        self.assertEqual(application({}, lambda *_: None), [b"hello"])
        self.assertEqual(os.getcwd(), str(self.folder))

    def fails(self, phase, app, **how):
        """The report of a failure, as it would be sent."""
        with self.assertRaises(LoadError) as caught:
            self.load(app, **how)
        self.assertEqual(caught.exception.report["phase"], phase)
        self.assertLess(len(json.dumps(caught.exception.report)), 1 << 16)
        return caught.exception.report

    def write(self, files):
        for name, text in dict(files).items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    HELLO = "def NAME(environ, start_response):\n    start_response('200 OK', [])\n    return [b'hello']\n"

    def named(self, name):
        return self.HELLO.replace("NAME", name)

    def test_modules_and_callables(self):
        factory = "def make():\n    return page\n" + self.named("page")
        nested = "class Site:\n    @staticmethod\n" + "".join("    " + line + "\n" for line in self.named("page").splitlines())
        self.boots("one:page", files={"one.py": self.named("page")})
        self.boots("one", files={"one.py": self.named("app")})
        self.boots("one", files={"one.py": self.named("application") + "app = None\n"})
        self.boots("two:make()", files={"two.py": factory})
        self.boots("package.three:Site.page", files={"package/three.py": nested})

    def test_files(self):
        self.boots(f"{self.folder}/site.wsgi", files={"site.wsgi": self.named("application")})
        shadow = self.named("page") + "assert __name__ == '_appserve_application'\n"
        self.boots(f"{self.folder}/json.py:page", files={"json.py": shadow})
        self.boots(f"{self.folder}/plain.py", files={"plain.py": self.named("app") + "assert __name__ == 'plain'\n"})
        self.boots(f"{self.folder}/a:b.py", files={"a:b.py": self.named("app")})
        self.boots(f"{self.folder}/made.wsgi:make()", files={"made.wsgi": "def make():\n    return page\n" + self.named("page")})

    def test_import_path(self):
        (self.folder / "lib").mkdir()
        files = {"one.py": "import shared\n" + self.named("app"), "lib/shared.py": "value = 1\n"}
        self.boots("one", files=files, pythonpath=[str(self.folder / "lib")])

    def test_chdir(self):
        report = self.fails("chdir", "one", chdir="/nowhere/at/all")
        self.assertEqual(report["error"], "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/at/all'")

    def test_import_errors(self):
        report = self.fails("import", "absent:app")
        self.assertEqual(report["error"], "ModuleNotFoundError: No module named 'absent'")
        self.assertEqual(report["traceback"], "ModuleNotFoundError: No module named 'absent'\n", "no frame of ours is shown")
        report = self.fails("import", "bad", files={"bad.py": "\nimport worse\n", "worse.py": "from json import veiws\n"})
        self.assertIn("ImportError: cannot import name 'veiws' from 'json'", report["error"])
        lines = report["traceback"].splitlines()
        self.assertIn('bad.py", line 2, in <module>', lines[1])
        self.assertIn("import worse", lines[2])
        self.assertNotIn("importlib", report["traceback"])
        self.assertNotIn("_appserve", report["traceback"])
        report = self.fails("import", "syntax", files={"syntax.py": "def x(:\n"})
        self.assertIn("SyntaxError", report["error"])
        self.assertIn("def x(:", report["traceback"])
        self.assertIn("SystemExit", self.fails("import", "leaving", files={"leaving.py": "raise SystemExit(2)\n"})["error"])
        self.assertIn("KeyboardInterrupt", self.fails("import", "key", files={"key.py": "raise KeyboardInterrupt\n"})["error"])
        self.assertIn("No such file", self.fails("import", "/nowhere/site.wsgi")["error"])
        self.fails("import", "wide", files={"wide.py": "raise ValueError('\u0142' * 200_000)\n"})

    def test_missing_environment(self):
        report = self.fails("import", "one", files={"one.py": "import os\nos.environ['DATABASE_URL']\n"})
        self.assertEqual(report["missing_env"], "DATABASE_URL")
        wrapped = "import os\ntry:\n    os.environ['SECRET']\nexcept KeyError as e:\n    raise ValueError('Set SECRET') from e\n"
        self.assertEqual(self.fails("import", "two", files={"two.py": wrapped})["missing_env"], "SECRET")
        self.assertNotIn("missing_env", self.fails("import", "three", files={"three.py": "{}['DATABASE_URL']\n"}))

    def test_callable_errors(self):
        files = {"one.py": "import os\nsettings = {}\ndef make():\n    os.environ['TOKEN']\ndef none():\n    pass\n"}
        self.assertEqual(self.fails("callable", "one", files=files)["error"], "one has neither 'application' nor 'app'")
        self.assertEqual(self.fails("callable", "one:page")["error"], "one has no 'page'")
        self.assertEqual(self.fails("callable", "one:settings")["error"], "one:settings is a dict, which cannot be called")
        self.assertEqual(self.fails("callable", "one:settings()")["error"], "one:settings is a dict, which cannot be called")
        self.assertEqual(self.fails("callable", "one:none()")["error"], "one:none() is None, which cannot be called")
        self.assertIn("is no name of a callable", self.fails("callable", "one:a-b")["error"])
        report = self.fails("callable", "one:make()")
        self.assertEqual(report["missing_env"], "TOKEN")
        self.assertIn('one.py", line 4, in make', report["traceback"])

    def test_asgi_is_not_yet_served(self):
        (self.folder / "asgi.py").write_text(
            "import functools\n"
            "async def function(scope, receive, send): pass\n"
            "class Site:\n    async def __call__(self, scope, receive, send): pass\n"
            "    async def method(self, scope, receive, send): pass\n"
            "instance = Site()\nmethod = instance.method\npartial = functools.partial(function)\n"
            "def plain(scope, receive, send): pass\n"
            "class Endpoint:\n    def __init__(self, scope, receive, send): pass\n"
            "def wsgi(environ, start_response): pass\n"
        )
        for name in ("function", "instance", "method", "partial", "plain", "Endpoint"):
            with self.subTest(name):
                error = self.fails("interface", f"asgi:{name}")["error"]
                self.assertIn(f"asgi:{name} is an ASGI application", error)
                self.assertIn("ASGI is not supported yet by this version", error)
        self.assertIn("ASGI is not supported yet", self.fails("interface", "asgi:wsgi", interface="asgi")["error"])
        self.load("asgi:function", interface="wsgi")  # the operator knows better


class ProcessTest(unittest.TestCase):
    def test_a_failure_is_reported_and_the_end_awaited(self):
        worker = Worker("absent:app")
        self.addCleanup(worker.close)
        text = "ModuleNotFoundError: No module named 'absent'"
        self.assertEqual(worker.answer, {"type": "failed", "phase": "import", "error": text, "traceback": text + "\n"})
        worker.tell("ping", n=3)
        self.assertEqual(worker.receive("pong")["n"], 3)
        worker.tell("drain")
        self.assertEqual(worker.wait(), 0)

    def test_hello(self):
        worker = Worker(start=False)
        self.addCleanup(worker.close)
        hello = worker.hello
        self.assertEqual(hello["protocol"], 1)
        self.assertEqual(hello["python"], ".".join(map(str, sys.version_info[:3])))
        self.assertEqual(hello["implementation"].lower(), sys.implementation.name)
        self.assertEqual((hello["marshal"], hello["marshal_ok"]), (4, True))
        self.assertEqual(hello["pid"], worker.process.pid)
        self.assertIs(hello["free_threaded"], False)
        worker.tell("drain")
        self.assertEqual(worker.wait(), 0, "never started, it just ends")

    def test_what_the_application_finds(self):
        worker = Worker()
        self.addCleanup(worker.close)
        found = json.loads(worker.ask("/main_module").body)
        mine = int(Path("/proc/self/oom_score_adj").read_text())
        self.assertEqual(found["file"], False, "multiprocessing must not run __main__ again")
        self.assertEqual(found["argv"], ["appserve"])
        self.assertEqual(found["path"][0], SITE)
        self.assertEqual([entry for entry in found["path"] if not entry or entry.startswith("/proc")], [])
        self.assertEqual(found["cwd"], SITE)
        self.assertEqual(found["comm"], "appserve:djan/1")
        self.assertEqual(found["oom"], min(mine + 300, 1000))
        self.assertEqual(found["thread"], True)
        self.assertEqual(found["threads"], ["MainThread", "appserve-control"])

    def test_modules_of_the_application_are_not_taken_for_the_standard_library(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("json", "socket", "queue", "struct", "traceback", "_appserve_wire"):
                Path(folder, f"{name}.py").write_text("raise SystemExit('shadowed')\n")
            Path(folder, "site_app.py").write_text("def app(e, s):\n    s('200 OK', [])\n    return [b'ok']\n")
            before = os.getcwd()
            os.chdir(folder)  # where a worker is started matters for -c alone
            try:
                worker = Worker("site_app", chdir=folder)
            finally:
                os.chdir(before)
            self.addCleanup(worker.close)
            self.assertEqual(worker.answer["type"], "ready", worker.printed())

    def test_output(self):
        worker = Worker()
        self.addCleanup(worker.close)
        worker.ask("/prints")
        self.assertIn("complained", worker.wait_for("printed, not flushed"))


if __name__ == "__main__":
    unittest.main()
