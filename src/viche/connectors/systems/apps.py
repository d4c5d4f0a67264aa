"""The room of neighbours. Rooms that know how to speak with one say so in settings.NEIGHBOUR_KINDS."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class SystemsConfig(AppConfig):
    name = "viche.connectors.systems"
    label = "systems"

    def ready(self) -> None:
        from viche.connectors.systems.kinds import register

        for path in settings.NEIGHBOUR_KINDS:
            register(*import_module(path).KINDS)
