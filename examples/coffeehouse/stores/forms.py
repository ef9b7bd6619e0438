"""Forms that visitors and staff fill in."""

from django import forms

from .models import Document, Order


class OrderForm(forms.ModelForm):
    """An order at one store: only what that store pours can be chosen."""

    class Meta:
        model = Order
        fields = ["coffee", "cups", "customer"]

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.store = store
        self.fields["coffee"].queryset = store.coffees.all()


class DocumentForm(forms.ModelForm):
    class Meta:
        model = Document
        fields = ["title", "file"]
