"""What the example promises: manage.py test, in the folder of manage.py."""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from wsgiref.validate import validator

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from webtest import TestApp

from coffeehouse.wsgi import application

from .models import UPLOAD_LIMIT, Coffee, Document, Order, Store

PLAIN_NAMES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@override_settings(STORAGES=PLAIN_NAMES, ALLOWED_HOSTS=["testserver", "localhost"])
class ShopTest(TestCase):
    def setUp(self):
        media = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, media)
        in_media = self.settings(MEDIA_ROOT=media)
        in_media.enable()
        self.addCleanup(in_media.disable)
        self.media = Path(media)
        self.store = Store.objects.create(name="Harbour", slug="harbour", city="Rotterdam", opened=date(2011, 5, 2))
        self.coffee = Coffee.objects.create(name="Espresso", price="2.60")
        self.coffee.stores.add(self.store)

    def log_in(self):
        self.client.force_login(get_user_model().objects.create_superuser("barista"))

    def order(self, **changes):
        fields = {"coffee": self.coffee.pk, "cups": 2, "customer": "Ann"} | changes
        return self.client.post("/stores/harbour/", fields, follow=True)

    def test_home_lists_stores(self):
        self.assertContains(self.client.get("/"), "Espresso")

    def test_order_is_kept(self):
        page = self.order()
        self.assertRedirects(page, "/stores/harbour/")
        self.assertContains(page, "2 x Espresso for Ann comes to 5.20.")
        self.assertEqual(Order.objects.get().store, self.store)

    def test_order_of_what_the_store_does_not_pour_is_refused(self):
        elsewhere = Coffee.objects.create(name="Cortado", price="3.10")
        self.assertContains(self.order(coffee=elsewhere.pk), "Select a valid choice")
        self.assertContains(self.order(cups=21), "less than or equal to 20")
        self.assertFalse(Order.objects.exists())

    def test_documents_are_for_staff(self):
        self.assertRedirects(self.client.get("/documents/"), "/admin/login/?next=/documents/")

    def test_document_is_kept_and_given_back(self):
        self.log_in()
        content = b"beans" * 1_000_000
        file = SimpleUploadedFile("beans.zip", content)
        self.assertRedirects(self.client.post("/documents/", {"title": "Beans", "file": file}), "/documents/")
        document = Document.objects.get()
        self.assertEqual((self.media / document.file.name).read_bytes(), content)
        response = self.client.get(f"/documents/{document.pk}/")
        self.assertEqual(b"".join(response.streaming_content), content)

    def test_document_that_is_too_large_is_refused(self):
        self.log_in()
        file = SimpleUploadedFile("beans.zip", b"\0" * (UPLOAD_LIMIT + 1))
        self.assertContains(self.client.post("/documents/", {"title": "Beans", "file": file}), "24 MiB at most")
        page = self.client.post("/documents/", {"title": "Page", "file": SimpleUploadedFile("a.html", b"<b>")})
        self.assertContains(page, "File extension")

    def test_orders_stream_as_csv(self):
        self.log_in()
        self.order(customer="=1+1")
        lines = b"".join(self.client.get("/orders.csv").streaming_content).decode().splitlines()
        self.assertEqual(lines[0], "placed,store,coffee,cups,customer,total")
        self.assertIn(",Harbour,Espresso,2,'=1+1,5.20", lines[1])

    def test_every_answer_keeps_to_wsgi(self):
        for checked in (TestApp(application, lint=True), TestApp(validator(application), lint=False)):
            checked.get("/", status=200)
            checked.get("/nothing/", status=404)
            checked.get("/admin/", status=302)
            form = checked.get("/stores/harbour/", status=200).forms["order"]
            form["coffee"], form["customer"] = self.coffee.pk, "Ann"
            form.submit(status=302)
