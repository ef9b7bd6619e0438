"""A WSGI application that says which generation answers, and waits when it is told to."""

import hashlib
import os
import subprocess
import time
from urllib.parse import parse_qsl

GENERATION = os.environ["APPSERVE_GENERATION"]
FOLDER = os.environ["APPSERVE_E2E"]

if os.environ.get("FAIL_IN_SLOT") == os.environ["APPSERVE_SLOT"]:
    raise RuntimeError(f"slot {os.environ['APPSERVE_SLOT']} does not want to boot")


def application(environ, start_response):
    name = environ["PATH_INFO"].strip("/").split("/")[0] or "generation"
    query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
    body = HANDLERS[name](environ, query)
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Generation", GENERATION)])
    return body


def generation(environ, query):
    return [f"generation {GENERATION}".encode()]


def gate(environ, query):
    """Says that it was entered, by a file, and waits for another file."""
    path = os.path.join(FOLDER, query["name"])
    with open(path + ".entered", "w") as file:
        file.write(GENERATION)
    while not os.path.exists(path + ".open"):
        time.sleep(0.005)
    return generation(environ, query)


def upload(environ, query):
    digest, size = hashlib.sha256(), 0
    while block := environ["wsgi.input"].read(65536):
        digest.update(block)
        size += len(block)
    return [f"{size} {digest.hexdigest()} generation {GENERATION}".encode()]


def download(environ, query):
    for number in range(int(query["kib"])):
        yield (b"%08d" % number) * 128


def variable(environ, query):
    return [repr(os.environ.get(query["name"])).encode()]


def status(environ, query):
    with open("/proc/self/status", "rb") as file:
        return [file.read()]


def orphans(environ, query):
    """Leaves processes behind whose parents are gone when they end."""
    script = "i=0; while [ $i -lt $1 ]; do ( (exit 3) & ); i=$((i+1)); done"
    subprocess.run(["/bin/sh", "-c", script, "sh", query["n"]], check=True)
    return [b"left behind"]


HANDLERS = {
    "generation": generation,
    "gate": gate,
    "upload": upload,
    "download": download,
    "variable": variable,
    "status": status,
    "orphans": orphans,
}
