"""Addresses of the shop."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("stores/<slug:slug>/", views.store, name="store"),
    path("orders.csv", views.orders, name="orders"),
    path("documents/", views.documents, name="documents"),
    path("documents/<int:pk>/", views.document, name="document"),
]
