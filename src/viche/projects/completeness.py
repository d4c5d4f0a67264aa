"""What is missing or wrong in a project, all at once: by the field that has to be changed, in words for its author."""

from typing import Any

from django.utils.translation import gettext as _

from rulebook.rules import Pot, Rules
from rulebook.rules.records import Question
from viche.communities.models import localised
from viche.communities.queries import codes_from, is_of_level
from viche.foundation.plain_text import is_shouted
from viche.projects.consents import PICTURES, PUBLICATION, asked_consents, is_given
from viche.projects.models import Project
from viche.projects.submission import estimate_fault, is_admitted_category
from viche.projects.wording import LEVEL_NAMES

MAX_COST = 10**13
LETTERS = {
    "title": 500,
    "summary": 600,
    "text": 20_000,
    "place_name": 200,
    "author_name": 120,
    "contact": 200,
}
ANSWER_PREFIX = "q-"


def content_faults(project: Project) -> dict[str, str]:
    """What is wrong with what the project says: text, category, place, cost, estimate. The project may be unsaved."""
    contest = project.contest
    rules = contest.rules
    faults: dict[str, str] = {}
    for name, limit in LETTERS.items():
        if len(getattr(project, name).strip()) > limit:
            faults[name] = _("No more than %(limit)d letters, please.") % {"limit": limit}
    if len(project.title.strip()) < 5:
        faults["title"] = _("Give the project a title of at least five letters.")
    elif is_shouted(project.title):
        faults["title"] = _(
            "Write the title in ordinary letters: capitals only where the language asks for them."
        )
    if not project.text.strip():
        faults["text"] = _("Describe the project.")
    if rules.categories and project.category not in {category.id for category in rules.categories}:
        faults["category"] = _("Choose a category from the list.")
    elif not is_admitted_category(rules, project.category):
        faults["category"] = _("Projects of this category are not admitted this year.")
    if project.type and project.type not in {each.id for each in rules.types}:
        faults["type"] = _("Choose a type from the list.")
    if not project.territory.is_inside(contest.community.territory):
        faults["territory"] = _("The place must lie in %s.") % contest.community.territory.full_name
    if not 0 < project.cost < MAX_COST:
        faults["cost"] = _("The cost must be more than zero.")
    elif rules.size_classes and rules.size_class_of(project.cost) is None:
        faults["cost"] = _("No class of projects in this contest has such a cost.")
    elif not faults and (fault := _scope_fault(rules, project)):
        faults["territory"] = fault
    if not faults and pot_of(rules, project) is None:
        faults["category"] = _("No pot of money of this contest pays for such a project.")
    if fault := estimate_fault(rules, cost=project.cost, items=project.items, currency=contest.currency):
        faults["items"] = fault
    if project.least_amount is not None and not 0 < project.least_amount <= max(project.cost, 0):
        faults["least_amount"] = _("The smallest sum lies between zero and the whole cost.")
    return faults


def faults_of(project: Project) -> dict[str, str]:
    """Everything that stands in the way of submission, by field; empty where the project can be submitted.

    Beside content_faults: the summary, the type, the answers that are required (as "q-" and the question's id), the
    contact and the consents ("agreed-" and the code).
    """
    faults = content_faults(project)
    if not project.summary.strip():
        faults["summary"] = _("Say it in one or two sentences: this is what stands in the list of projects.")
    if project.contest.rules.types and not project.type:
        faults["type"] = _("Choose a type from the list.")
    for question in project.contest.rules.submission.questions:
        if question.required and not is_answered(question, project.answers.get(question.id)):
            faults[f"{ANSWER_PREFIX}{question.id}"] = _("An answer is needed here.")
    if len(project.contact.strip()) < 5:
        faults["contact"] = _("Give a telephone or an e-mail: officials have to reach you while they review.")
    words = {
        PUBLICATION: _("Without your consent the project cannot be published."),
        PICTURES: _("Confirm that the pictures may be published, or take them out."),
    }
    for code in asked_consents(has_pictures=project.pictures.exists()):
        if not is_given(project.agreed, code):
            faults[f"agreed-{code}"] = words[code]
    return faults


def is_answered(question: Question, answer: Any) -> bool:
    """Whether there is an answer; “no” is one."""
    return answer is not None and answer != ""


def pot_of(rules: Rules, project: Project) -> Pot | None:
    """The pot that pays: one for the place itself, else for what it lies in, from the narrowest up, else for any."""
    size = rules.size_class_of(project.cost)
    kind = {"size_class": size.id if size else None, "category": project.category or None}
    for code in codes_from(project.territory) if any(pot.territory for pot in rules.pots) else []:
        for pot in rules.pots:
            if pot.territory == code and pot.holds(territory=code, **kind):
                return pot
    return rules.pot_of(territory=None, **kind)


def _scope_fault(rules: Rules, project: Project) -> str:
    """Why the place does not suit the level of territory that the project's class is for; empty where it does."""
    size = rules.size_class_of(project.cost)
    if size is None or size.scope is None or is_of_level(project.territory, size.scope):
        return ""
    return _("Projects of this cost (%(name)s) are for %(level)s: choose one, or a place inside one.") % {
        "name": localised(size.name), "level": LEVEL_NAMES[size.scope],
    }  # fmt: skip
