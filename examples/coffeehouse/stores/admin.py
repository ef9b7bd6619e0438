"""The coffeehouse in Django's admin."""

from django.contrib import admin

from .models import Coffee, Document, Order, Store

admin.site.site_header = "Coffeehouse"
admin.site.site_title = "Coffeehouse"


@admin.register(Store)
class StoreAdmin(admin.ModelAdmin):
    list_display = ["name", "city", "opened"]
    list_filter = ["city"]
    search_fields = ["name", "city"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Coffee)
class CoffeeAdmin(admin.ModelAdmin):
    list_display = ["name", "roast", "price"]
    list_filter = ["roast"]
    search_fields = ["name"]
    filter_horizontal = ["stores"]


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["placed", "store", "coffee", "cups", "customer", "status"]
    list_editable = ["status"]
    list_filter = ["status", "store"]
    list_select_related = ["store", "coffee"]
    date_hierarchy = "placed"
    search_fields = ["customer"]


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ["title", "file", "uploaded"]
