"""Base of the commands: they speak English on every installation, also where the site speaks Ukrainian."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation


class Command(BaseCommand):
    def execute(self, *args: Any, **options: Any) -> Any:
        with translation.override("en"):
            return super().execute(*args, **options)
