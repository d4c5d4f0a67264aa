"""viche projects: what the search knows of them, made anew."""

from argparse import ArgumentParser
from typing import Any

from viche.config.management import base
from viche.projects.actions.indexing import BATCH, index_projects
from viche.projects.models import Project


class Command(base.Command):
    help = (
        "Write the words of projects for the search anew: after an update that changes how words are stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        reindex = acts.add_parser("reindex", help="the words of every submitted project, body by body")
        reindex.add_argument("--body", default="", help="address of one body: see viche communities list")

    def handle(self, *args: Any, body: str = "", **options: Any) -> None:
        wanted = Project.objects.filter(number__gt=0).order_by("id")
        if body:
            wanted = wanted.filter(community__slug=body.strip("/"))
        done, last = 0, None
        while batch := list((wanted.filter(id__gt=last) if last else wanted)[:BATCH]):
            done, last = done + index_projects(batch), batch[-1].id
        self.stdout.write(self.style.SUCCESS(f"{done} projects"))
