"""Reads of talk."""

from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from viche.contests.models import Contest
from viche.identity.models import Person
from viche.projects.models import Project
from viche.talk.models import Comment, News

# what others see stands in its place: hidden with its reason, taken back without a text
IN_PLACE = (Comment.State.PUBLISHED, Comment.State.HIDDEN, Comment.State.TAKEN_BACK)


def comments_on(project: Project, reader: Person | None = None) -> QuerySet[Comment]:
    """What is said about a project, with the answers read along: questions to the community first, then the newest.

    reader: sees their own waiting comments too.
    """
    seen = Q(state__in=IN_PLACE)
    if reader is not None:
        seen |= Q(person=reader)
    answers = Comment.objects.filter(seen).select_related("person").order_by("at")
    return (
        Comment.objects.filter(seen, project=project, parent__isnull=True)
        .select_related("person")
        .prefetch_related(Prefetch("answers", queryset=answers, to_attr="shown_answers"))
        .order_by("-kind", "-at")
    )


def number_of_comments(project: Project) -> int:
    return Comment.objects.filter(project=project, state=Comment.State.PUBLISHED).count()


def comment_of(project: Project, reference: UUID) -> Comment | None:
    return Comment.objects.filter(project=project, pk=reference).select_related("project__contest").first()


def waiting_comments(contest: Contest) -> QuerySet[Comment]:
    """What a moderator looks at: waiting comments and reported ones, the oldest first."""
    return (
        Comment.objects.filter(project__contest=contest)
        .annotate(open_reports=Count("reports", filter=Q(reports__settled_at__isnull=True)))
        .filter(Q(state=Comment.State.WAITING) | Q(state=Comment.State.PUBLISHED, open_reports__gt=0))
        .select_related("project", "person")
        .prefetch_related("reports")
        .order_by("at")
    )


def latest_comments(contest: Contest) -> QuerySet[Comment]:
    """The newest comments of a contest in any state but taken back, for a moderator who reads after publication."""
    return (
        Comment.objects.filter(project__contest=contest)
        .exclude(state=Comment.State.TAKEN_BACK)
        .select_related("project", "person")
        .order_by("-at")
    )


def news_of(project: Project) -> QuerySet[News]:
    """News of a project, the newest first; hidden ones stand with their reason."""
    return News.objects.filter(project=project).select_related("person")
