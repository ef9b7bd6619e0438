"""Settings of the coffeehouse. Everything that differs between machines comes from the environment.

COFFEEHOUSE_SECRET_KEY  needed as soon as a host is not this machine
COFFEEHOUSE_HOSTS       host names, separated by commas
COFFEEHOUSE_DATABASE    the SQLite file
COFFEEHOUSE_STATIC      where collectstatic writes, and appserve reads
COFFEEHOUSE_MEDIA       where uploads are kept, and appserve reads
COFFEEHOUSE_DEBUG       1 for Django's debug pages; never on a server
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
DEMO_KEY = "a demo key that everybody can read, so it opens nothing but this machine"

DEBUG = os.environ.get("COFFEEHOUSE_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("COFFEEHOUSE_HOSTS", ",".join(LOOPBACK)).split(",")
SECRET_KEY = os.environ.get("COFFEEHOUSE_SECRET_KEY", DEMO_KEY)
if SECRET_KEY == DEMO_KEY and not set(ALLOWED_HOSTS) <= set(LOOPBACK):
    raise ImproperlyConfigured("COFFEEHOUSE_HOSTS names other hosts than this machine: set COFFEEHOUSE_SECRET_KEY")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "stores",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "coffeehouse.urls"
WSGI_APPLICATION = "coffeehouse.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("COFFEEHOUSE_DATABASE", BASE_DIR / "var" / "coffeehouse.sqlite3"),
        "OPTIONS": {"timeout": 20},  # seconds to wait while another worker writes
    },
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "admin:login"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("COFFEEHOUSE_STATIC", BASE_DIR / "var" / "static")
MEDIA_URL = "/media/"
MEDIA_ROOT = os.environ.get("COFFEEHOUSE_MEDIA", BASE_DIR / "var" / "media")
FILE_UPLOAD_PERMISSIONS = 0o644  # readable for whoever serves it

# Hashed names: a changed file has a new address, so browsers may keep the old one.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# Without this Django says nothing about a failed request when DEBUG is off.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
