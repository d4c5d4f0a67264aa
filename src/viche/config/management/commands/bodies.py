"""viche bodies: take a body's data out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from viche.communities.queries import community_by_slug
from viche.config.management import base
from viche.connectors.export.archive import write_archive


class Command(base.Command):
    help = "Write all data of a connected body into one archive that checks itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        export = acts.add_parser("export", help="all data of a body as a ZIP; it holds names of officials")
        export.add_argument("slug", help="address of the body on the platform: see viche communities list")
        export.add_argument("file", type=Path, help="the archive to write; an existing file is not replaced")

    def handle(self, *args: Any, slug: str, file: Path, **options: Any) -> None:
        community = community_by_slug(slug.strip("/"))
        if community is None:
            raise CommandError(f"no connected community {slug!r}: see viche communities list")
        if file.exists():
            raise CommandError(f"{file} exists")
        fresh = file.with_name(f".{file.name}.part")
        try:
            write_archive(community=community, path=fresh)
            fresh.rename(file)
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}") from None
        finally:
            fresh.unlink(missing_ok=True)
        self.stdout.write(self.style.SUCCESS(f"{community}: {file}, {file.stat().st_size:,} bytes"))
