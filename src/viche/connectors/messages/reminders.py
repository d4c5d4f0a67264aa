"""Reminders: what is due soon or late, from the queries of the rooms below. One function a sort, one line in
sources.SOURCES.

Each function yields what stands today; the key makes it said once. Terms that end soon are said SOON before they do,
and once more when they have passed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_noop

from rulebook.calendar import REVIEW, SUBMISSION
from viche.communities.models import Community
from viche.contests.models import Contest, Proposal
from viche.identity.models import ProofRequest, RequestState, Role
from viche.projects.course import support_window
from viche.projects.delivery import stalled_works
from viche.projects.models import Project, State
from viche.talk.models import Comment

SOON = timedelta(days=2)
DRAFTS_SOON = REVIEW_SOON = timedelta(days=3)
# what is late for longer is said on the board of what is late, not in letters
LATE_FOR = timedelta(days=14)

CHECKERS = (Role.EDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Reminder:
    """One thing to say to some people. key: the same for the same thing, whoever hears it. text, many, values: as
    wording.said. people: persons; roles: offices in the community that must act. page: where, by the address's name.
    is_task: somebody waits for them; is_urgent: told at once all the same. why: of models.Why, where it
    is not author or office.
    """

    key: str
    text: str
    many: str
    community: Community
    values: dict[str, Any] = field(default_factory=dict)
    contest: Contest | None = None
    project: Project | None = None
    people: tuple[UUID, ...] = ()
    roles: tuple[str, ...] = ()
    page: str = ""
    is_task: bool = True
    is_urgent: bool = False
    why: str = ""

    def words(self) -> dict[str, Any]:
        document: dict[str, Any] = {"text": self.text, "values": self.values}
        return {**document, "many": self.many} if self.many else document


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Marks a sentence in both forms for the catalogue, as gettext_noop does with one: "count" decides when it is
    said.
    """
    return one, many


def _open_projects(**conditions: Any) -> Any:
    return Project.objects.filter(**conditions).select_related("contest__community__territory")


def writers_of(project: Project) -> tuple[UUID, ...]:
    """The author and the confirmed co-authors."""
    team = project.team.filter(state="confirmed", person__isnull=False).values_list("person_id", flat=True)
    return tuple(dict.fromkeys([*([project.author_id] if project.author_id else []), *team]))


def of_checks(now: datetime) -> Iterator[Reminder]:
    """Formal checks that end soon, and those that are late."""
    due = _open_projects(state=State.CHECKING, check_until__lte=now + SOON, check_until__gt=now - LATE_FOR)
    for project in due:
        is_late = project.check_until <= now
        text = (
            gettext_noop("Project No. %(number)s should have been checked by %(until_at)s")
            if is_late
            else gettext_noop("Project No. %(number)s must be checked by %(until_at)s")
        )
        yield _of_project("check-late" if is_late else "check", project, text, project.check_until, CHECKERS)


def _of_project(
    sort: str, project: Project, text: str, until: datetime, roles: tuple[str, ...] = ()
) -> Reminder:
    """A term of one project; the key holds the term, so that a prolonged one is said anew."""
    return Reminder(
        f"{sort}:{project.pk}:{until:%Y%m%d}", text, "", project.contest.community, contest=project.contest,
        project=project, values={"number": project.number, "until_at": until.isoformat()}, roles=roles,
        people=() if roles else writers_of(project), page="office-contest" if roles else "",
    )  # fmt: skip


def of_support(now: datetime) -> Iterator[Reminder]:
    """Collections of support that end soon and lack people yet: to the authors, with how many."""
    for project in _open_projects(state=State.SIGNING):
        _starts, until = support_window(project)
        rules = project.contest.rules.support
        if until is None or rules is None or not now < until <= now + SOON:
            continue
        needed = rules.needed(project.size_class or None)
        missing = needed - project.supporters
        if missing <= 0:
            continue
        yield Reminder(
            f"support:{project.pk}:{until:%Y%m%d}",
            *ngettext(
                "Project No. %(number)s lacks %(count)s signature of %(needed)s, until %(until_at)s",
                "Project No. %(number)s lacks %(count)s signatures of %(needed)s, until %(until_at)s",
            ),
            project.contest.community,
            values={"number": project.number, "count": missing, "needed": needed, "until_at": until.isoformat()},
            contest=project.contest, project=project, people=writers_of(project),
        )  # fmt: skip


def of_drafts(now: datetime) -> Iterator[Reminder]:
    """Drafts that would be left behind when the submission ends."""
    ending = Q(contest__windows__phase=SUBMISSION, contest__windows__ends_at__gt=now)
    ending &= Q(contest__windows__ends_at__lte=now + DRAFTS_SOON)
    for project in _open_projects(state=State.DRAFT).filter(ending):
        window = project.contest.window(SUBMISSION)
        if window is None or window.ends_at is None or not project.contest.is_frozen:
            continue
        text = gettext_noop("Your draft is not submitted yet: projects are accepted until %(until_at)s")
        yield _of_project("draft", project, text, window.ends_at)


def of_reviews(now: datetime) -> Iterator[Reminder]:
    """Reviews that end soon with projects not decided on: to the commission."""
    contests = (
        Contest.objects.filter(
            windows__phase=REVIEW, windows__ends_at__gt=now, windows__ends_at__lte=now + REVIEW_SOON
        )
        .annotate(
            open=Count(
                "projects", filter=Q(projects__state__in=[State.IN_REVIEW, State.APPEALED]), distinct=True
            )
        )
        .filter(open__gt=0)
        .select_related("community__territory")
    )
    for contest in contests:
        window = contest.window(REVIEW)
        if window is None or window.ends_at is None:
            continue
        yield Reminder(
            f"review:{contest.pk}:{window.ends_at:%Y%m%d}",
            *ngettext(
                "%(count)s project is not decided on; the review ends at %(until_at)s",
                "%(count)s projects are not decided on; the review ends at %(until_at)s",
            ),
            contest.community,
            values={"count": contest.open, "until_at": window.ends_at.isoformat()},
            contest=contest, roles=(Role.COMMISSION,), page="office-contest",
        )  # fmt: skip


def of_works(now: datetime) -> Iterator[Reminder]:
    """Winners in whose building nothing has moved for as long as the rules name: anew each such stretch."""
    for project in stalled_works(now):
        moved = project.delivery.moved_at
        yield Reminder(
            f"work:{project.pk}:{moved:%Y%m%d%H%M}",
            gettext_noop("Nothing has moved in project No. %(number)s since %(moved_at)s"), "",
            project.contest.community, values={"number": project.number, "moved_at": moved.isoformat()},
            contest=project.contest, project=project, roles=CHECKERS, page="project",
        )  # fmt: skip


def of_requests(now: datetime) -> Iterator[Reminder]:
    """Requests to confirm a membership that wait for an operator: said once for each newest one."""
    waiting = ProofRequest.objects.filter(state=RequestState.WAITING).values("community").order_by()
    rows = {row["community"]: row for row in waiting.annotate(count=Count("id"), newest=Max("sent_at"))}
    for community in Community.objects.filter(pk__in=rows).select_related("territory"):
        row = rows[community.pk]
        yield Reminder(
            f"requests:{community.pk}:{row['newest']:%Y%m%d%H%M%S}",
            *ngettext(
                "%(count)s request to confirm a membership waits",
                "%(count)s requests to confirm a membership wait",
            ),
            community,
            values={"count": row["count"]}, roles=(Role.OPERATOR,), page="office-requests",
        )  # fmt: skip


def of_proposals(now: datetime) -> Iterator[Reminder]:
    """Acts that still wait for a second official a day after they were proposed."""
    late = Proposal.objects.filter(state=Proposal.State.OPEN, proposed_at__lte=now - timedelta(days=1))
    for proposal in late.select_related("contest__community__territory"):
        yield Reminder(
            f"proposal:{proposal.pk}",
            gettext_noop("A proposal waits for a second official since %(proposed_at)s"), "",
            proposal.contest.community, values={"proposed_at": proposal.proposed_at.isoformat()},
            contest=proposal.contest, roles=(Role.ADMINISTRATOR,), page="office-contest",
        )  # fmt: skip


def of_comments(now: datetime) -> Iterator[Reminder]:
    """What others said in the last day about a project: to its authors, one line a project and day."""
    since = now - timedelta(days=1)
    fresh = Q(comments__state=Comment.State.PUBLISHED, comments__is_by_author=False, comments__at__gt=since)
    found = _open_projects(published_at__isnull=False).filter(fresh, comments__at__lte=now)
    for project in found.annotate(fresh=Count("comments", distinct=True)):
        yield Reminder(
            f"comments:{project.pk}:{now:%Y%m%d}",
            *ngettext(
                "%(count)s new comment on project No. %(number)s", "%(count)s new comments on project No. %(number)s"
            ),
            project.contest.community, values={"number": project.number, "count": project.fresh},
            contest=project.contest, project=project, people=writers_of(project), is_task=False,
        )  # fmt: skip


def of_answers(now: datetime) -> Iterator[Reminder]:
    """Answers to what somebody said, other than their own and those that its authors hear of anyway."""
    answers = Comment.objects.filter(
        state=Comment.State.PUBLISHED,
        at__gt=now - timedelta(days=2),
        at__lte=now,
        parent__person__isnull=False,
    ).select_related("parent", "project__contest__community__territory")
    for answer in answers:
        asked = answer.parent.person_id
        if asked == answer.person_id or asked in writers_of(answer.project):
            continue
        yield Reminder(
            f"answer:{answer.pk}",
            gettext_noop("Your comment on project No. %(number)s was answered"), "",
            answer.project.contest.community, values={"number": answer.project.number},
            contest=answer.project.contest, project=answer.project, people=(asked,), is_task=False, why="comment",
        )  # fmt: skip


def of_moderation(now: datetime) -> Iterator[Reminder]:
    """Comments that wait for a moderator, said once for each newest one."""
    waiting = Comment.objects.filter(state=Comment.State.WAITING).values("project__contest").order_by()
    rows = {row["project__contest"]: row for row in waiting.annotate(count=Count("id"), newest=Max("at"))}
    for contest in Contest.objects.filter(pk__in=rows).select_related("community__territory"):
        row = rows[contest.pk]
        yield Reminder(
            f"moderation:{contest.pk}:{row['newest']:%Y%m%d%H%M%S}",
            *ngettext("%(count)s comment waits for a moderator", "%(count)s comments wait for a moderator"),
            contest.community, values={"count": row["count"]}, contest=contest, roles=CHECKERS, page="office-talk",
        )  # fmt: skip
