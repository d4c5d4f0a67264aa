"""The room of budget and treasury."""

from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "viche.connectors.treasury"
    label = "treasury"
