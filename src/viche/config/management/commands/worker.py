"""viche worker: runs the jobs of all rooms (procrastinate, on the same PostgreSQL)."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run background jobs: sequencing of the journal, and what other rooms queue."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("procrastinate", "worker", "--delete-jobs", "successful", "--concurrency", "1")
