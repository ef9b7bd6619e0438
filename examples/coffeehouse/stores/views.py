"""The pages of the shop: a list, a form, an upload, a download and a stream."""

import csv

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from .forms import DocumentForm, OrderForm
from .models import Document, Order, Store


@require_safe
def home(request):
    return render(request, "stores/home.html", {"stores": Store.objects.prefetch_related("coffees")})


def store(request, slug):
    """One store, and the form to order there."""
    place = get_object_or_404(Store, slug=slug)
    form = OrderForm(request.POST or None, store=place)
    if request.method == "POST" and form.is_valid():
        order = form.save()
        messages.success(request, f"Thank you. {order} comes to {order.total}.")
        return redirect(place)
    return render(request, "stores/store.html", {"store": place, "form": form})


@staff_member_required
def documents(request):
    """Documents of the house. What is uploaded here is served from the media location, not by Python."""
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "The document is kept.")
        return redirect("documents")
    return render(request, "stores/documents.html", {"form": form, "documents": Document.objects.all()})


@staff_member_required
@require_safe
def document(request, pk):
    """The same file through Python (wsgi.file_wrapper), as a download."""
    kept = get_object_or_404(Document, pk=pk)
    return FileResponse(kept.file.open("rb"), as_attachment=True)


@staff_member_required
@require_safe
def orders(request):
    """Every order as CSV, row by row, however many there are."""
    lines = csv.writer(Line())
    header = ["placed", "store", "coffee", "cups", "customer", "total"]
    found = Order.objects.select_related("store", "coffee").iterator(chunk_size=500)
    rows = ([o.placed.isoformat(), o.store, o.coffee.name, o.cups, o.customer, o.total] for o in found)
    response = StreamingHttpResponse(stream(lines, header, rows), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="orders.csv"'
    return response


def stream(lines, header, rows):
    yield lines.writerow(header)
    for row in rows:
        yield lines.writerow([defused(cell) for cell in row])


def defused(cell):
    """A spreadsheet must not take a customer's name for a formula."""
    text = str(cell)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t")) else text


class Line:
    """A file for csv.writer that hands every line back."""

    def write(self, text):
        return text
