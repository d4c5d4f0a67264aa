"""Versions of a submitted project."""

from django.db.models import Max

from rulebook.canonical import digest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.projects.models import Project, Version
from viche.projects.versions import content_of


def record_version(*, project: Project, note: str, by: Actor) -> Version:
    """Keep what the project says now as its next version; the caller holds the project's row and writes the journal.

    note: why, a code ("submitted", "edited", "corrected", "merged").
    """
    content = content_of(project)
    last = Version.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(
        project=project, number=last + 1, document=content, digest=digest(content), note=note,
        made_by_id=by.person_id, made_at=clock.now(),
    )  # fmt: skip
