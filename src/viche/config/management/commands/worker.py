"""viche worker: runs the jobs of all rooms (procrastinate, on the same PostgreSQL)."""

from typing import Any

from django.core.management import call_command

from viche.config.management import base


class Command(base.Command):
    help = "Run background jobs: sequencing of the journal, and what other rooms queue."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("procrastinate", "worker", "--delete-jobs", "successful", "--concurrency", "1")
