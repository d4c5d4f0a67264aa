"""The open data's room."""

from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    name = "viche.connectors.open_data"
    label = "open_data"
