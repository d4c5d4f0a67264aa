"""Following, and not following any more."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.messages.models import Follow
from viche.connectors.messages.queries import follow_rows, is_written_by
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.projects.models import Project

# a person who follows more than this wants the whole community
MOST = 500


def follow_subject(
    *,
    person: Person,
    community: Community,
    contest: Contest | None = None,
    project: Project | None = None,
    query: str | None = None,
) -> None:
    """Follow a project, a contest, a search in a contest (searches.query_from) or the whole body.

    Twice is once. Writes nothing into the journal: what somebody follows is theirs alone. Refused: not_public,
    long_search, too_many_follows.
    """
    is_hidden = project is not None and not (project.is_public or is_written_by(project, person))
    if is_hidden or (contest is not None and not contest.is_frozen):
        raise Refused("not_public", _("This is not published yet."), status=404)
    if len(query or "") > 2000:
        raise Refused("long_search", _("This search is too long to follow."), status=422)
    rows = follow_rows(person, community=community, contest=contest, project=project, query=query)
    if rows.update(is_muted=False):
        return
    if Follow.objects.filter(person=person).count() >= MOST:
        raise Refused(
            "too_many_follows",
            _("You follow %(most)d things already. Follow the community instead, or drop some.")
            % {"most": MOST},
        )
    try:
        with transaction.atomic():
            Follow.objects.create(
                person=person, community=community, contest=contest, project=project,
                is_search=query is not None, query=query or "", since=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        rows.update(is_muted=False)  # the second of two presses


def end_follow(
    *,
    person: Person,
    community: Community,
    contest: Contest | None = None,
    project: Project | None = None,
    query: str | None = None,
) -> None:
    """Follow it no longer; an author keeps a row that says so. What they must act on still reaches them."""
    with transaction.atomic():
        rows = follow_rows(person, community=community, contest=contest, project=project, query=query)
        if project is None or not is_written_by(project, person):
            rows.delete()
        elif not rows.update(is_muted=True):
            Follow.objects.bulk_create(
                [
                    Follow(
                        person=person, community=community, contest=contest, project=project, is_muted=True,
                        since=clock.now(),
                    )
                ],
                ignore_conflicts=True,
            )  # fmt: skip
