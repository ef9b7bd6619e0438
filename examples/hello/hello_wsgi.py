"""The smallest application that says which site and worker answered."""

import json
import os


def application(environ, start_response):
    body = json.dumps({
        "host": environ.get("HTTP_HOST", ""),
        "path": environ["PATH_INFO"],
        "pool": os.environ.get("APPSERVE_POOL", ""),
        "slot": os.environ.get("APPSERVE_SLOT", ""),
    }).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
