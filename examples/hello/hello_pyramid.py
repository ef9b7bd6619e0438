"""Pyramid's own hello; `hello_pyramid:main()` is a factory."""

from pyramid.config import Configurator
from pyramid.response import Response


def hello_world(request):
    return Response("<body><h1>Hello World!</h1></body>")


def main():
    with Configurator() as config:
        config.add_route("hello", "/")
        config.add_view(hello_world, route_name="hello")
        return config.make_wsgi_app()
