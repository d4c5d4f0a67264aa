"""The steps of writing a project: which there are, which field stands in which, what is missing in each."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from viche.projects.completeness import ANSWER_PREFIX
from viche.projects.models import Project

IDEA, PLACE, COST, FILES, QUESTIONS, PEOPLE, CHECK = (
    "idea", "place", "cost", "files", "questions", "people", "check",
)  # fmt: skip
NAMES = {
    IDEA: _("Idea"), PLACE: _("Place"), COST: _("Cost"), FILES: _("Pictures and documents"),
    QUESTIONS: _("Questions of the community"), PEOPLE: _("People and consents"), CHECK: _("Check and submit"),
}  # fmt: skip
LEADS = {
    IDEA: _("What is to be done, and why. Neighbours read the title and the short text first."),
    PLACE: _("Where it will stand: the commission looks up whose land it is."),
    COST: _("What it takes, item by item. Sums, the reserve and the class are worked out here."),
    FILES: _("A photograph of the place as it is now says more than a page of text."),
    QUESTIONS: _("What your community asks of every project."),
    PEOPLE: _("Who signs the project, how officials reach you, what you agree to."),
    CHECK: _("Everything at one glance. After submission the commission and everybody else read it."),
}  # fmt: skip
_FIELDS = {
    "title": IDEA, "summary": IDEA, "text": IDEA, "category": IDEA, "type": IDEA, "territory": PLACE,
    "place_name": PLACE, "coordinates": PLACE, "area": PLACE, "cost": COST, "items": COST, "least_amount": COST,
    "pictures": FILES, "attachments": FILES, "contact": PEOPLE, "author_name": PEOPLE,
}  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """One thing that is missing or wrong: in which step, at which field, in words, and the address of the field."""

    step: str
    field: str
    text: str
    href: str


def steps_of(project: Project) -> list[str]:
    """The steps of this project, in order; without questions where the rules ask none."""
    has_questions = bool(project.contest.rules.submission.questions)
    return [step for step in NAMES if step != QUESTIONS or has_questions]


def step_of(field: str) -> str:
    """The step that a field, or a fault of projects.completeness, belongs to."""
    if field.startswith(ANSWER_PREFIX):
        return QUESTIONS
    return PEOPLE if field.startswith("agreed-") else _FIELDS.get(field, CHECK)


def step_url(project: Project, step: str) -> str:
    return reverse("write-step", args=[project.contest.slug, project.pk, step])


def missing_in(project: Project, faults: Mapping[str, str]) -> list[Missing]:
    """The faults in the order of the steps, each with the address of its field."""
    order = steps_of(project)
    rows = [
        Missing(step_of(name), name, text, f"{step_url(project, step_of(name))}#id_{name}")
        for name, text in faults.items()
    ]
    return sorted(rows, key=lambda row: order.index(row.step))


def progress(project: Project, current: str, faults: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(name, state, address) of each step for the part "steps"; a step is done when nothing is missing in it."""
    wanting = {step_of(name) for name in faults}
    rows = []
    for step in steps_of(project):
        is_done = step not in wanting and step != CHECK and _is_begun(project, step)
        state = "current" if step == current else "done" if is_done else "todo"
        rows.append((str(NAMES[step]), state, step_url(project, step)))
    return rows


def _is_begun(project: Project, step: str) -> bool:
    """Steps in which nothing is required are done once there is something in them."""
    if step == PLACE:
        return bool(project.place_name or project.latitude is not None or project.area)
    if step == FILES:
        return project.pictures.exists() or project.attachments.exists()
    return True
