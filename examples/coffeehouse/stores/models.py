"""What the coffeehouse keeps in its database."""

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

# The front's max_body_size (32 MiB in django.hcl) has to be larger than this.
UPLOAD_LIMIT = 24 * 1024 * 1024
UPLOAD_TYPES = ["csv", "jpg", "pdf", "png", "txt", "webp", "zip"]


class Store(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(unique=True)
    city = models.CharField(max_length=80)
    opened = models.DateField()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("store", args=[self.slug])


class Coffee(models.Model):
    class Roast(models.TextChoices):
        LIGHT = "light"
        MEDIUM = "medium"
        DARK = "dark"

    name = models.CharField(max_length=80, unique=True)
    roast = models.CharField(max_length=10, choices=Roast.choices, default=Roast.MEDIUM)
    price = models.DecimalField(max_digits=6, decimal_places=2, validators=[MinValueValidator(0)])
    stores = models.ManyToManyField(Store, related_name="coffees", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return f"{self.name} ({self.price})"


class Order(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        SERVED = "served"

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="orders")
    coffee = models.ForeignKey(Coffee, on_delete=models.PROTECT, related_name="orders")
    cups = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(20)])
    customer = models.CharField("your name", max_length=80)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    placed = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-placed"]

    def __str__(self):
        return f"{self.cups} x {self.coffee.name} for {self.customer}"

    @property
    def total(self):
        return self.cups * self.coffee.price


def check_upload_size(file):
    if file.size > UPLOAD_LIMIT:
        raise ValidationError(f"A document may have {UPLOAD_LIMIT // 1024**2} MiB at most.")


class Document(models.Model):
    title = models.CharField(max_length=120)
    file = models.FileField(
        upload_to="documents/%Y/",
        validators=[FileExtensionValidator(UPLOAD_TYPES), check_upload_size],
    )
    uploaded = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded"]

    def __str__(self):
        return self.title
