"""Writes of talk."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook import lifecycle
from rulebook.canonical import digest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.identity.queries import memberships_in
from viche.journal import actions as journal
from viche.projects.actions.moves import is_written_by, roles_about
from viche.projects.models import Project, State
from viche.talk.events import CommentHidden, CommentShown, NewsHidden, NewsPublished
from viche.talk.models import Comment, News, Report
from viche.talk.screening import fault_in, plain

BURST, BURST_MINUTES, A_DAY = 5, 10, 30
ENOUGH_REPORTS = 3
REPORTS = 365
"""How many days a report is kept after a moderator looked at its comment."""
SILENT_STATES = (State.WITHDRAWN, State.MERGED)


def write_comment(
    *, project: Project, text: str, by: Actor, parent: UUID | None = None, kind: str = Comment.Kind.COMMENT
) -> Comment:
    """Say something about a project. It is published at once, or waits for a moderator, as the rules say.

    Locks the person's row, so that the limits hold in many windows. Refused: comments_off, not_member, bad_comment
    (text), too_many_comments, no_parent.
    """
    said = plain(text)
    if fault := fault_in(said):
        raise Refused(
            "bad_comment", _("Some fields need your attention."), fields={"text": fault}, status=422
        )
    policy = _policy(project)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=by.person_id)
        is_author = is_written_by(project, person.pk)
        if not is_author and not _moderates(project, by) and not _belongs(project, person):
            raise Refused(
                "not_member",
                _("Only those who belong to %s write here.") % project.contest.community.territory.full_name,
                status=403,
            )
        _check_pace(person, said)
        answered = None
        if parent is not None:
            answered = Comment.objects.filter(
                project=project, pk=parent, state=Comment.State.PUBLISHED
            ).first()
            if answered is None:
                raise Refused("no_parent", _("What you answer is not there any more."))
            answered = answered.parent or answered
        if kind == Comment.Kind.QUESTION and (not is_author or answered is not None):
            kind = Comment.Kind.COMMENT
        return Comment.objects.create(
            project=project, parent=answered, person=person, kind=kind, text=said, is_by_author=is_author,
            state=Comment.State.WAITING if policy == "before" and not is_author else Comment.State.PUBLISHED,
            at=clock.now(),
        )  # fmt: skip


def _policy(project: Project) -> str:
    """How the rules moderate talk about this project. Refused: comments_off."""
    policy: str = project.contest.rules.comments
    if policy == "off":
        raise Refused("comments_off", _("The rules of this contest have no comments."))
    if not project.is_public or project.state in SILENT_STATES:
        raise Refused("comments_off", _("Nothing more is written about this project."))
    return policy


def _belongs(project: Project, person: Person) -> bool:
    return bool(memberships_in(person, project.contest.community.territory, clock.now()))


def _moderates(project: Project, by: Actor) -> bool:
    return bool(set(lifecycle.OFFICE) & roles_about(project, by))


def _check_pace(person: Person, text: str) -> None:
    """A person says so much in a while, and nothing twice in a day. Refused: too_many_comments, bad_comment."""
    now = clock.now()
    recent = Comment.objects.filter(person=person, at__gt=now - timedelta(days=1))
    if recent.filter(text=text).exists():
        message = _("You have written this already.")
        raise Refused("bad_comment", message, fields={"text": message}, status=422)
    burst = recent.filter(at__gt=now - timedelta(minutes=BURST_MINUTES)).count()
    if burst >= BURST or recent.count() >= A_DAY:
        message = _(
            "That is a lot at once. Please come back a little later: what you wrote stays in the field."
        )
        raise Refused("too_many_comments", message, fields={"text": message}, status=429)


def withdraw_comment(*, comment: Comment, by: Actor) -> None:
    """The writer takes a comment back: its text is erased, its place stays. Refused: not_yours."""
    with transaction.atomic():
        held = _held(comment)
        if held.person_id is None or held.person_id != by.person_id:
            raise Refused("not_yours", _("Only who wrote a comment takes it back."), status=403)
        held.state, held.text = Comment.State.TAKEN_BACK, ""
        held.save(update_fields=["state", "text"])


def report_comment(*, comment: Comment, reason: str, by: Actor) -> None:
    """Say that a comment breaks the rules. ENOUGH_REPORTS of different people hide it until a moderator looks.

    Twice by one person counts once. Refused: unknown_reason, nothing_to_report.
    """
    if reason not in Report.Reason.values:
        message = _("Choose one of the answers.")
        raise Refused("unknown_reason", message, fields={"reason": message}, status=422)
    with transaction.atomic():
        held = _held(comment)
        if held.state != Comment.State.PUBLISHED or held.person_id == by.person_id:
            raise Refused("nothing_to_report", _("This comment cannot be reported."))
        Report.objects.get_or_create(
            comment=held, person_id=by.person_id, defaults={"reason": reason, "at": clock.now()}
        )
        if held.reports.filter(settled_at__isnull=True).count() >= ENOUGH_REPORTS:
            held.state = Comment.State.WAITING
            held.save(update_fields=["state"])


def hide_comment(*, comment: Comment, reason: str, by: Actor) -> None:
    """A moderator hides a comment; the reason stands in its place. Journal: CommentHidden. Refused: no_reason."""
    if not reason.strip():
        message = _("Give the reason: it will stand in place of the comment.")
        raise Refused("no_reason", message, fields={"reason": message}, status=422)
    with transaction.atomic():
        held = _held(comment, by=by)
        _settle(held, Comment.State.HIDDEN, by, reason.strip())
        _write(held.project, by, CommentHidden, comment=str(held.pk), reason_digest=digest(reason.strip()))


def publish_comment(*, comment: Comment, by: Actor) -> None:
    """A moderator has looked at a waiting, reported or hidden comment and publishes it. Journal: CommentShown."""
    with transaction.atomic():
        held = _held(comment, by=by)
        _settle(held, Comment.State.PUBLISHED, by, "")
        _write(held.project, by, CommentShown, comment=str(held.pk))


def publish_news(*, project: Project, title: str, text: str, by: Actor) -> News:
    """News by an author of the project or an official of the body; journal: NewsPublished.

    Refused: wrong_role, bad_news (title, text), too_many_news.
    """
    roles = roles_about(project, by)
    if not roles & {lifecycle.AUTHOR, *lifecycle.OFFICE}:
        raise Refused("wrong_role", _("News is written by the author and by officials."), status=403)
    title, text = plain(title), plain(text)
    faults = {"title": fault_in(title, longest=160), "text": fault_in(text, longest=10_000)}
    faults = {name: fault for name, fault in faults.items() if fault}
    if faults:
        raise Refused("bad_news", _("Some fields need your attention."), fields=faults, status=422)
    with transaction.atomic():
        held = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if not held.is_public:
            raise Refused("not_public", _("The project is not published yet."))
        if held.news.filter(at__gt=clock.now() - timedelta(days=1)).count() >= 3:
            message = _("Three messages a day are enough: every follower gets each of them.")
            raise Refused("too_many_news", message, fields={"text": message}, status=429)
        news = News.objects.create(
            project=held, person_id=by.person_id, title=title, text=text, at=clock.now(),
            is_by_body=lifecycle.AUTHOR not in roles,
        )  # fmt: skip
        _write(project, by, NewsPublished, news=str(news.pk), digest=digest({"title": title, "text": text}))
    return news


def hide_news(*, news: News, reason: str, by: Actor) -> None:
    """A moderator hides news with a reason; journal: NewsHidden. Refused: no_reason, wrong_role."""
    if not reason.strip():
        message = _("Give the reason: it will stand in place of the news.")
        raise Refused("no_reason", message, fields={"reason": message}, status=422)
    with transaction.atomic():
        held = (
            News.objects.select_for_update(of=("self",))
            .select_related("project__contest__community")
            .get(pk=news.pk)
        )
        _moderator_only(held.project, by)
        held.hidden_at, held.hidden_reason = clock.now(), reason.strip()
        held.save(update_fields=["hidden_at", "hidden_reason"])
        _write(held.project, by, NewsHidden, news=str(held.pk), reason_digest=digest(reason.strip()))


def delete_old_reports() -> int:
    """Delete reports of comments a year after a moderator looked at them; how many."""
    number, _models = Report.objects.filter(settled_at__lt=clock.now() - timedelta(days=REPORTS)).delete()
    return number


def _held(comment: Comment, *, by: Actor | None = None) -> Comment:
    """The comment's row, locked; for a moderator where one is given. Refused: gone, wrong_role."""
    held = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("project__contest__community__territory")
        .get(pk=comment.pk)
    )
    if by is not None:
        _moderator_only(held.project, by)
    if held.state == Comment.State.TAKEN_BACK:
        raise Refused("gone", _("Its writer has taken this comment back."))
    return held


def _moderator_only(project: Project, by: Actor) -> None:
    if not _moderates(project, by):
        raise Refused("wrong_role", _("Comments are moderated by editors and administrators."), status=403)


def _settle(held: Comment, state: str, by: Actor, reason: str) -> None:
    held.state, held.state_reason, held.decided_by_id = Comment.State(state), reason, by.person_id
    held.save(update_fields=["state", "state_reason", "decided_by"])
    held.reports.filter(settled_at__isnull=True).update(settled_at=clock.now())


def _write(project: Project, by: Actor, event: Any, **data: Any) -> None:
    journal.append(
        event(project=str(project.id), number=project.number, **data),
        community=project.contest.community.code, year=clock.year(), by=by,
    )  # fmt: skip
