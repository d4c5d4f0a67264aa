"""The room of outgoing documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "viche.connectors.documents"
    label = "documents"
