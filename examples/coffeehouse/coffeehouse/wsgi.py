"""What a server runs: coffeehouse.wsgi:application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coffeehouse.settings")

application = get_wsgi_application()
