"""Everything between a clone and a site that can be served."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Creates folders and tables, collects static files, fills the menu and makes an administrator."

    def add_arguments(self, parser):
        parser.add_argument("--admin", default="barista", help="name of the administrator (barista)")
        parser.add_argument("--password", help="password of a new administrator (made up and printed)")

    def handle(self, *args, admin, password, **options):
        for folder in (Path(settings.DATABASES["default"]["NAME"]).parent, Path(settings.MEDIA_ROOT)):
            folder.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("loaddata", "menu", verbosity=0)
        self.make_admin(admin, password)
        self.stdout.write(f"static files: {settings.STATIC_ROOT}")

    def make_admin(self, name, password):
        users = get_user_model().objects
        if users.filter(username=name).exists():
            self.stdout.write(f"administrator: {name}, as before")
            return
        made_up = password or secrets.token_urlsafe(12)
        users.create_superuser(name, password=made_up)
        self.stdout.write(f"administrator: {name}" + ("" if password else f", password {made_up}"))
