"""The contact form's room."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "viche.connectors.contact"
    label = "contact"
