"""Reads of the open data's room: terms, what the files are made from, the files that are written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, F, Func, JSONField, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce

from viche import __version__
from viche.communities.models import Community
from viche.connectors.open_data.columns import TABLES
from viche.connectors.open_data.files import FINAL, LIVING, DataFile, file_named
from viche.connectors.open_data.licences import LICENCES, USUAL, Licence
from viche.connectors.open_data.models import Terms
from viche.connectors.open_data.places import body_base
from viche.contests.models import Contest
from viche.projects.models import Delivery, Project, TeamMember
from viche.results.models import Publication
from viche.review.models import Decision

FACTS = ".files.json"
"""What is known of the written files of a part: sizes, hashes, empty columns; beside them, under this name."""


def terms_of(community: Community) -> Terms | None:
    """What the body has set; None where it has set nothing."""
    return Terms.objects.filter(community=community).first()


def licence_of(community: Community) -> Licence:
    """The licence that holds."""
    terms = terms_of(community)
    return LICENCES.get(terms.licence if terms else USUAL, LICENCES[USUAL])


def _digest_of(rows: QuerySet[Any], *fields: str) -> str:
    """One hash over these fields of all rows. Of each row only its hash leaves the database."""
    whole = Func(
        *(Cast(F(name), CharField()) for name in fields),
        function="jsonb_build_array",
        output_field=JSONField(),
    )
    line = Func(Cast(whole, CharField()), function="md5", output_field=CharField())
    found = rows.order_by().annotate(line=line).values_list("line", flat=True)
    return hashlib.sha256("".join(sorted(found)).encode()).hexdigest()


def version_of(contest: Contest, part: str) -> str:
    """A name for the data that the files of a part are made from: other data, another name.

    Everything that stands in the files is in it, names of authors above all: whoever is erased is gone from the files
    with the next look.
    """
    public = Project.objects.filter(contest=contest, published_at__isnull=False)
    publication = Publication.objects.filter(contest=contest).values_list("pk", flat=True).first()
    facts: list[Any] = [
        __version__, [table.names for table in TABLES], str(contest.pk), contest.slug, contest.title, publication,
        contest.rules_version.digest if contest.rules_version else "",
        [(window.phase, str(window.starts_at), str(window.ends_at)) for window in contest.schedule],
    ]  # fmt: skip
    if part == FINAL:
        facts.append(_digest_of(public, "number", "code", "title", "state"))
    else:
        community, terms = contest.community, terms_of(contest.community)
        deliveries = Delivery.objects.filter(project__in=public)
        rated = public.annotate(rated=Count("ratings"), stars=Coalesce(Sum("ratings__stars"), 0))
        facts += [
            body_base(community), community.name, community.code,
            [terms.licence, terms.edrpou, terms.mailbox] if terms else [], _digest_of(public, *_PROJECT_FIELDS),
            _digest_of(TeamMember.objects.filter(project__in=public, shows_name=True), "project", "state",
                       "person__given_name", "person__family_name"),
            _digest_of(Decision.objects.filter(project__in=public), "pk", "verdict", "protocol", "reason"),
            _digest_of(deliveries, *_DELIVERY_FIELDS),
            _digest_of(deliveries.filter(milestones__isnull=False), "milestones__pk", "milestones__done_on"),
            _digest_of(deliveries.filter(contracts__isnull=False), "contracts__pk", "contracts__amount",
                       "contracts__url"),
            deliveries.aggregate(number=Count("delays"))["number"], _digest_of(rated, "pk", "rated", "stars"),
        ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, default=str).encode()).hexdigest()[:32]


_PROJECT_FIELDS = (
    "number", "code", "title", "summary", "text", "category", "size_class", "pot", "territory", "place_name",
    "latitude", "longitude", "area", "cost", "author_name", "state", "published_at",
)  # fmt: skip
_DELIVERY_FIELDS = (
    "project",
    "responsible_unit",
    "plan_cost",
    "actual_cost",
    "starts_on",
    "due_on",
    "accepted_on",
)


def changed_at(contest: Contest) -> datetime:
    """When the contest's data last changed, as far as its own moments tell."""
    public = Q(published_at__isnull=False)
    found = Project.objects.filter(public, contest=contest).aggregate(
        state=Max("state_at"), published=Max("published_at"), moved=Max("delivery__moved_at")
    )
    published = Publication.objects.filter(contest=contest).values_list("published_at", flat=True).first()
    moments = [*found.values(), published, contest.rules_version.frozen_at if contest.rules_version else None]
    return max((moment for moment in moments if moment is not None), default=contest.created_at)


def is_published(contest: Contest) -> bool:
    """Whether the files that wait for the result may be made."""
    return Publication.objects.filter(contest=contest).exists()


@dataclass(frozen=True)
class Written:
    """A written file: where it lies, its size in bytes, its SHA-256, when it was written. rows: of a table."""

    file: DataFile
    path: Path
    size: int
    sha256: str
    rows: int | None
    written_at: datetime


@dataclass(frozen=True)
class Set:
    """The written files of one part of a contest. missing: by the name of a file, why it could not be made (a code)."""

    folder: Path
    files: Mapping[str, Written]
    missing: Mapping[str, str]


def part_folder(contest: Contest, part: str) -> Path:
    """Where the files of a part lie as its data stand now, written or not."""
    return Path(settings.OPEN_DATA_DIR).joinpath(str(contest.pk), f"{part}-{version_of(contest, part)}")


def written_set(contest: Contest, part: str) -> Set | None:
    """The files of a part as its data stand now; None where they are not written yet."""
    return set_in(part_folder(contest, part))


def set_in(folder: Path) -> Set | None:
    """What a folder of files holds; None where it is not there."""
    try:
        facts = json.loads(folder.joinpath(FACTS).read_bytes())
    except FileNotFoundError:
        return None
    moment = datetime.fromisoformat(facts["written_at"])
    files = {
        name: Written(file, folder.joinpath(name), each["size"], each["sha256"], each.get("rows"), moment)
        for name, each in facts["files"].items()
        if (file := file_named(name)) is not None
    }
    return Set(folder, files, facts["missing"])


__all__ = [
    "FACTS", "FINAL", "LIVING", "Set", "Written", "changed_at", "is_published", "licence_of", "part_folder", "set_in",
    "terms_of", "version_of", "written_set",
]  # fmt: skip
