"""Bottle's own hello, with the application object that a server needs."""

from bottle import default_app, route, template


@route("/hello/<name>")
def index(name):
    return template("<b>Hello {{name}}</b>!", name=name)


application = default_app()
