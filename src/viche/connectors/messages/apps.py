"""The room under a label of its own: "messages" is taken by Django's."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "viche.connectors.messages"
    label = "notices"
