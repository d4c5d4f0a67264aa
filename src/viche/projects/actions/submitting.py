"""Submitting a project, and taking over those decided on elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook import lifecycle
from rulebook.canonical import digest
from viche.communities.models import Territory, localised
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.pictures import safe_picture
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.identity.methods import why_not_accepted
from viche.identity.models import Person
from viche.journal import actions as journal
from viche.journal.events import Event
from viche.projects.actions.files import keep_picture
from viche.projects.actions.indexing import index_project, index_projects
from viche.projects.actions.moves import decide_move, held_project, roles_about, write_entry
from viche.projects.actions.support import begin_support
from viche.projects.actions.versions import record_version
from viche.projects.completeness import content_faults, faults_of, pot_of
from viche.projects.course import course_from
from viche.projects.events import ProjectAdmitted, ProjectSubmitted
from viche.projects.models import Project, State, Version
from viche.projects.versions import content_of


@dataclass
class Draft:
    """What an author says of a project. cost and item prices in kopiykas."""

    title: str
    summary: str
    text: str
    category: str
    territory: Territory
    cost: int
    place_name: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    items: Sequence[Mapping[str, Any]] = ()
    author_name: str = ""
    pictures: Sequence[tuple[bytes, str]] = field(default_factory=tuple)
    code: str = ""
    type: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


def _project_of(contest: Contest, draft: Draft, *, author: Person | None) -> Project:
    """The draft as a project that is not in the database yet."""
    moment = clock.now()
    return Project(
        community=contest.community, contest=contest, title=draft.title.strip(), summary=draft.summary.strip(),
        text=draft.text.strip(), category=draft.category, type=draft.type, territory=draft.territory,
        place_name=draft.place_name, latitude=draft.latitude, longitude=draft.longitude, cost=draft.cost,
        items=list(draft.items), answers=dict(draft.answers), author=author, author_name=draft.author_name,
        created_at=moment, saved_at=moment,
    )  # fmt: skip


def _give_number(project: Project, number: int, *, code: str = "") -> None:
    """What a project gets when it is more than a draft: its number, the class and the pot that its cost belongs to."""
    rules = project.contest.rules
    size, pot = rules.size_class_of(project.cost), pot_of(rules, project)
    project.number, project.code = number, code or str(number)
    project.size_class, project.pot = size.id if size else "", pot.id if pot else ""
    project.submitted_at = project.state_at = clock.now()


def submit_draft(*, project: Project, by: Actor, method: str = "") -> Project:
    """Submit a draft: everything is checked, and all that is missing is said at once by field.

    method: how who submits identified ("isei:bank_id"), "" where an official acts.

    Locks the contest for the number, then the project; journal: ProjectSubmitted with the digest of version 1. The
    moment counts in which it is pressed: a deadline that has passed since the page was opened refuses, and the draft
    stays. Refused: rules_not_frozen, the lifecycle's codes, not_eligible, method_not_accepted, bad_project (fields),
    too_many_projects, too_many_in_class.
    """
    with transaction.atomic():
        Contest.objects.select_for_update(no_key=True).get(pk=project.contest_id)
        held = held_project(project)
        _check_frozen(held.contest)
        move = decide_move(held, "submit", roles=roles_about(held, by))
        if held.author is None:
            raise Refused("not_eligible", _("The project has no author."), status=403)
        _check_author(held.contest, held.author)
        if fault := why_not_accepted(held.contest.rules.methods_to_submit, method):
            raise fault
        if faults := faults_of(held):
            raise Refused("bad_project", _("Some fields need your attention."), fields=faults, status=422)
        _enter(held, move, by)
    return held


def submit_project(*, contest: Contest, author: Person, draft: Draft, by: Actor) -> Project:
    """Submit a whole project in one act (imports, demonstration): what submit_draft does, without what only its author
    can say: consents, contact, the answers to the community's questions.

    Locks the contest for its number; journal: ProjectSubmitted. Refused: rules_not_frozen, wrong_phase, not_eligible,
    too_many_projects, too_many_in_class, bad_project (fields), picture faults.
    """
    _check_frozen(contest)
    project = _project_of(contest, draft, author=author)
    move = decide_move(project, "submit", roles=frozenset({lifecycle.AUTHOR}))
    _check_author(contest, author)
    if faults := content_faults(project):
        raise Refused("bad_project", _("Some fields need your attention."), fields=faults, status=422)
    # made safe before, so that no lock waits for a decoder
    pictures = [(safe_picture(content), alt) for content, alt in draft.pictures]
    project.author_name = draft.author_name or author.display_name
    with transaction.atomic():
        Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
        _enter(project, move, by, pictures=pictures, code=draft.code)
    return project


def _enter(
    project: Project,
    move: lifecycle.Move,
    by: Actor,
    *,
    pictures: Sequence[tuple[bytes, str]] = (),
    code: str = "",
) -> None:
    """Number, state, course, search, version 1 and the entry; the caller has locked the contest."""
    contest = project.contest
    mine = Project.objects.filter(contest=contest, author=project.author).exclude(
        state__in=[State.DRAFT, State.WITHDRAWN, State.REFUSED, State.NOT_SUPPORTED, State.MERGED]
    )
    most = contest.rules.author_max_projects
    if most is not None and mine.count() >= most:
        raise Refused(
            "too_many_projects", _("You have already submitted as many projects as the rules allow.")
        )
    _check_class(project, mine)
    highest = Project.objects.filter(contest=contest).aggregate(highest=Max("number"))["highest"] or 0
    _give_number(project, highest + 1, code=code)
    project.state = State(move.target)
    for name, value in course_from(project, clock.now()).items():
        setattr(project, name, value)
    project.save(force_insert=project._state.adding)
    index_project(project)
    for order, (content, alt) in enumerate(pictures):
        keep_picture(project, content, alt, order)
    version = record_version(project=project, note="submitted", by=by)
    write_entry(project, by, ProjectSubmitted, digest=version.digest)
    begin_support(project)


def _check_frozen(contest: Contest) -> None:
    if not contest.is_frozen:
        raise Refused(
            "rules_not_frozen",
            _("The contest is not open yet: projects are accepted once its rules are approved and frozen."),
        )


def _check_author(contest: Contest, author: Person) -> None:
    found = obstacles(
        person=author, territory=contest.community.territory, rule=contest.rules.author, moment=clock.now()
    )
    if found:
        raise Refused("not_eligible", " ".join(each.message for each in found), status=403)


def _check_class(project: Project, mine: QuerySet[Project]) -> None:
    """An author has no more projects of a size class than the rules allow. Refused: too_many_in_class."""
    rules = project.contest.rules
    size = rules.size_class_of(project.cost)
    most = rules.submission.max_per_class.get(size.id) if size else None
    if size is None or most is None or mine.filter(size_class=size.id).count() < most:
        return
    message = ngettext(
        "The rules allow one author %(most)d project of the class “%(name)s”, and you have submitted it.",
        "The rules allow one author %(most)d projects of the class “%(name)s”, and you have submitted them.",
        most,
    ) % {"most": most, "name": localised(dict(size.name))}
    raise Refused("too_many_in_class", message, fields={"cost": message})


def record_projects(*, contest: Contest, drafts: Sequence[Draft], by: Actor = SYSTEM) -> list[Project]:
    """Take over projects decided on elsewhere (an imported election): admitted at once, no phase asked.

    One transaction; journal: ProjectSubmitted and ProjectAdmitted for each. Refused: bad_project.
    """
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        events: list[Event] = []
        projects, versions = [], []
        last = Project.objects.filter(contest=contest).aggregate(last=Max("number"))["last"] or 0
        for number, draft in enumerate(drafts, start=last + 1):
            project = _project_of(contest, draft, author=None)
            _give_number(project, number, code=draft.code)
            project.state, project.published_at = State.ADMITTED, project.submitted_at
            content = content_of(project)
            versions.append(
                Version(
                    project=project, number=1, document=content, digest=digest(content), note="submitted",
                    made_at=clock.now(),
                )
            )  # fmt: skip
            about = {"project": str(project.id), "number": project.number}
            events += [ProjectSubmitted(**about, digest=versions[-1].digest), ProjectAdmitted(**about)]
            projects.append(project)
        Project.objects.bulk_create(projects, batch_size=500)
        Version.objects.bulk_create(versions, batch_size=500)
        index_projects(projects)
        journal.append(*events, community=contest.community.code, year=clock.year(), by=by)
    return projects
