"""Submitting a project, and taking over those decided on elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook import lifecycle
from rulebook.rules import Pot, Rules
from viche.communities.models import Territory, localised
from viche.communities.queries import codes_from, is_of_level
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.pictures import safe_picture
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.identity.models import Person
from viche.journal import actions as journal
from viche.journal.events import Event
from viche.projects.actions.moves import decide_move, write_entry
from viche.projects.actions.support import begin_support
from viche.projects.course import course_from
from viche.projects.events import ProjectAdmitted, ProjectSubmitted
from viche.projects.models import Picture, Project, State
from viche.projects.search import vector_text
from viche.projects.submission import estimate_fault, is_admitted_category
from viche.projects.versions import content_digest
from viche.projects.wording import LEVEL_NAMES

MAX_COST = 10**13


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


def _draft_faults(contest: Contest, draft: Draft) -> dict[str, str]:
    rules = contest.rules
    faults: dict[str, str] = {}
    for name in ("title", "summary", "place_name", "author_name"):
        limit = Project._meta.get_field(name).max_length or 0
        if len(getattr(draft, name).strip()) > limit:
            faults[name] = _("No more than %(limit)d letters, please.") % {"limit": limit}
    if len(draft.title.strip()) < 5:
        faults["title"] = _("Give the project a title of at least five letters.")
    if not draft.text.strip():
        faults["text"] = _("Describe the project.")
    if rules.categories and draft.category not in {category.id for category in rules.categories}:
        faults["category"] = _("Choose a category from the list.")
    elif not is_admitted_category(rules, draft.category):
        faults["category"] = _("Projects of this category are not admitted this year.")
    if not draft.territory.is_inside(contest.community.territory):
        faults["territory"] = _("The place must lie in %s.") % contest.community.territory.full_name
    if not 0 < draft.cost < MAX_COST:
        faults["cost"] = _("The cost must be more than zero.")
    elif rules.size_classes and rules.size_class_of(draft.cost) is None:
        faults["cost"] = _("No class of projects in this contest has such a cost.")
    elif not faults and (fault := _scope_fault(rules, draft)):
        faults["territory"] = fault
    if not faults and _pot_of(rules, draft) is None:
        faults["category"] = _("No pot of money of this contest pays for such a project.")
    if fault := estimate_fault(rules, cost=draft.cost, items=draft.items, currency=contest.currency):
        faults["items"] = fault
    return faults


def _scope_fault(rules: Rules, draft: Draft) -> str:
    """Why the place does not suit the level of territory that the project's class is for; empty where it does."""
    size = rules.size_class_of(draft.cost)
    if size is None or size.scope is None or is_of_level(draft.territory, size.scope):
        return ""
    return _("Projects of this cost (%(name)s) are for %(level)s: choose one, or a place inside one.") % {
        "name": localised(size.name), "level": LEVEL_NAMES[size.scope],
    }  # fmt: skip


def _pot_of(rules: Rules, draft: Draft) -> Pot | None:
    """The pot that pays: one for the place itself, else for what it lies in, from the narrowest up, else for any."""
    size = rules.size_class_of(draft.cost)
    kind = {"size_class": size.id if size else None, "category": draft.category or None}
    for code in codes_from(draft.territory) if any(pot.territory for pot in rules.pots) else []:
        for pot in rules.pots:
            if pot.territory == code and pot.holds(territory=code, **kind):
                return pot
    return rules.pot_of(territory=None, **kind)


def _new_project(contest: Contest, draft: Draft, *, number: int, author: Person | None) -> Project:
    rules = contest.rules
    size = rules.size_class_of(draft.cost)
    pot = _pot_of(rules, draft)
    return Project(
        community=contest.community, contest=contest, number=number, code=draft.code or str(number),
        title=draft.title.strip(), summary=draft.summary.strip(), text=draft.text.strip(),
        category=draft.category, size_class=size.id if size else "", pot=pot.id if pot else "",
        territory=draft.territory,
        place_name=draft.place_name, latitude=draft.latitude, longitude=draft.longitude, cost=draft.cost,
        items=list(draft.items), author=author, author_name=draft.author_name,
        created_at=clock.now(), saved_at=clock.now(), submitted_at=clock.now(),
    )  # fmt: skip


def _add_pictures(project: Project, pictures: Iterable[tuple[bytes, str]]) -> None:
    """pictures: made safe before, so that no lock waits for a decoder."""
    for order, (content, alt) in enumerate(pictures):
        picture = Picture(project=project, alt=alt, order=order)
        picture.image.save(f"{picture.id}.webp", ContentFile(content), save=True)


def _index(project: Project) -> None:
    main = vector_text(f"{project.title} {project.number} {project.code}")
    rest = vector_text(
        f"{project.summary} {project.place_name} {project.author_name} {project.territory.name}"
    )
    Project.objects.filter(pk=project.pk).update(
        search=SearchVector(Value(main), config="simple", weight="A")
        + SearchVector(Value(rest), config="simple", weight="B")
        + SearchVector(Value(vector_text(project.text)), config="simple", weight="D")
    )


def submit_project(*, contest: Contest, author: Person, draft: Draft, by: Actor) -> Project:
    """Submit a project under frozen rules; locks the contest for its number; journal: ProjectSubmitted.

    Refused: rules_not_frozen, wrong_phase, not_eligible, too_many_projects, too_many_in_class, bad_project (fields),
    picture faults.
    """
    if not contest.is_frozen:
        raise Refused(
            "rules_not_frozen",
            _("The contest is not open yet: projects are accepted once its rules are approved and frozen."),
        )
    rules = contest.rules
    move = decide_move(Project(contest=contest), "submit", roles=frozenset({lifecycle.AUTHOR}))
    found = obstacles(
        person=author, territory=contest.community.territory, rule=rules.author, moment=clock.now()
    )
    if found:
        raise Refused("not_eligible", " ".join(each.message for each in found), status=403)
    if faults := _draft_faults(contest, draft):
        raise Refused("bad_project", _("Some fields need your attention."), fields=faults, status=422)
    pictures = [(safe_picture(content), alt) for content, alt in draft.pictures]
    with transaction.atomic():
        Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
        mine = Project.objects.filter(contest=contest, author=author).exclude(
            state__in=[State.DRAFT, State.WITHDRAWN, State.REFUSED, State.NOT_SUPPORTED, State.MERGED]
        )
        if rules.author_max_projects is not None and mine.count() >= rules.author_max_projects:
            raise Refused(
                "too_many_projects", _("You have already submitted as many projects as the rules allow.")
            )
        _check_class(contest, draft, mine)
        highest = Project.objects.filter(contest=contest).aggregate(highest=Max("number"))["highest"] or 0
        project = _new_project(contest, draft, number=highest + 1, author=author)
        project.author_name = draft.author_name or author.display_name
        project.state, project.state_at = State(move.target), project.submitted_at
        for name, value in course_from(project, clock.now()).items():
            setattr(project, name, value)
        project.save(force_insert=True)
        _index(project)
        _add_pictures(project, pictures)
        write_entry(project, by, ProjectSubmitted, digest=content_digest(project))
        begin_support(project)
    return project


def _check_class(contest: Contest, draft: Draft, mine: QuerySet[Project]) -> None:
    """An author has no more projects of a size class than the rules allow. Refused: too_many_in_class."""
    size = contest.rules.size_class_of(draft.cost)
    most = contest.rules.submission.max_per_class.get(size.id) if size else None
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
        projects = [
            _new_project(contest, draft, number=number, author=None)
            for number, draft in enumerate(drafts, start=1)
        ]
        events: list[Event] = []
        for project in projects:
            project.state, project.state_at = State.ADMITTED, project.submitted_at
            project.published_at = project.submitted_at
            about = {"project": str(project.id), "number": project.number}
            events += [ProjectSubmitted(**about, digest=content_digest(project)), ProjectAdmitted(**about)]
        Project.objects.bulk_create(projects, batch_size=500)
        for project in projects:
            _index(project)
        journal.append(*events, community=contest.community.code, year=clock.year(), by=by)
    return projects
