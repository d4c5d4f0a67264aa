"""The room of webhooks."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "viche.connectors.webhooks"
    label = "webhooks"
