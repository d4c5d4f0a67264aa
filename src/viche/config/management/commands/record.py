"""viche record: the public record of a finished contest as a folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from viche.communities.queries import community_by_slug
from viche.config.management import base
from viche.connectors.record.actions import write_record
from viche.contests.queries import contest_at
from viche.foundation.refused import Refused
from viche.journal.actions import publish_logs, sequence_all


class Command(base.Command):
    help = (
        "Write the record of a contest whose result is published: anyone verifies it with the rulebook alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("contest", help="community/contest, as in the address")
        parser.add_argument("folder", type=Path, help="a folder that is not there yet")

    def handle(self, *args: Any, contest: str, folder: Path, **options: Any) -> None:
        place, _slash, slug = contest.strip("/").partition("/")
        community = community_by_slug(place)
        found = contest_at(community, slug) if community else None
        if community is None or found is None:
            raise CommandError(f"no contest {contest!r}: see viche contests list")
        sequence_all()
        publish_logs(is_thorough=True)
        try:
            write_record(contest=found, folder=folder)
        except Refused as refused:
            raise CommandError(str(refused.message)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}") from None
        self.stdout.write(self.style.SUCCESS(f"{folder}: check it with python -m rulebook verify {folder}"))
