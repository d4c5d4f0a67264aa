"""viche retention: what is kept how long and why; --run deletes what is over its term now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.formats import date_format

from viche.config.management import base
from viche.foundation import clock
from viche.identity.actions import run_retention
from viche.identity.queries import terms_kept


class Command(base.Command):
    help = "What is kept how long and why; --run deletes what is over its term now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--run", action="store_true", help="run every rule now, also one that ran today")

    def handle(self, *args: Any, run: bool = False, **options: Any) -> None:
        if run:
            self._run()
            return
        for row in terms_kept():
            self.stdout.write(f"{row.code or '-':20} {row.what}: {row.term} ({row.why})")
            if row.last is not None:
                moment = date_format(row.last.at.astimezone(clock.KYIV), "Y-m-d H:i")
                self.stdout.write(f"{'':20} {moment}: {row.last.error or row.last.number}")

    def _run(self) -> None:
        runs = run_retention(is_forced=True)
        if not runs:
            raise CommandError("another worker is running the rules at this moment")
        for each in runs:
            self.stdout.write(f"{each.rule:20} {each.error or each.number}, {each.took} ms")
        if failed := [each.rule for each in runs if each.error]:
            raise CommandError(f"failed: {', '.join(failed)}")
