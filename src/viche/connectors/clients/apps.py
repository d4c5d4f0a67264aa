"""The room of programs that use the API."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "viche.connectors.clients"
    label = "clients"
