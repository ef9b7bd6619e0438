"""A pytest plugin: the tests of requests speak to the httpbin that appserve serves.

It takes the place of pytest-httpbin, which serves httpbin by itself, and leaves
out the tests that do not speak to httpbin at all.
"""

import os

import pytest


class Served:
    def __init__(self, url):
        self.url = url


@pytest.fixture(scope="session")
def httpbin():
    return Served(os.environ["HTTPBIN"])


@pytest.fixture(scope="session")
def httpbin_secure():
    return Served(os.environ["HTTPBIN_SECURE"])


@pytest.fixture(scope="session")
def httpbin_ca_bundle():
    return os.environ["HTTPBIN_AUTHORITY"]


def pytest_collection_modifyitems(config, items):
    speaking = [item for item in items if {"httpbin", "httpbin_secure"} & set(item.fixturenames)]
    config.hook.pytest_deselected(items=[item for item in items if item not in speaking])
    items[:] = speaking
