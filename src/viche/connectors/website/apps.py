"""The body's website."""

from importlib import import_module

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "viche.connectors.website"
    label = "website"

    def ready(self) -> None:
        import_module("viche.connectors.website.events")
