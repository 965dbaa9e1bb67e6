"""Programmes, visits and their calendar."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
