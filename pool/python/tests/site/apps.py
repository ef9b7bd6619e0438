"""The applications of the tests: PATH_INFO names the function that answers."""

from __future__ import annotations

import basics
import failing
import garbage
import lasting
import listening
import meddling
import speaking

PAGES: dict = {}
for module in (basics, speaking, listening, failing, garbage, lasting, meddling):
    PAGES.update(vars(module))


def application(environ, start_response):
    return PAGES[environ["PATH_INFO"][1:]](environ, start_response)
