"""The pages of the steps: what each shows, and what becomes of what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from rulebook import lifecycle
from viche.communities.queries import areas_of
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.portal.contest_page import standing
from viche.portal.project_page.content import content_of_page, documents_of
from viche.portal.team_panel import team_panel
from viche.portal.writing import finding, place, steps
from viche.portal.writing.forms import (
    CostForm,
    IdeaForm,
    PeopleForm,
    PlaceForm,
    QuestionsForm,
    WritingForm,
    form_faults,
)
from viche.portal.writing.sums import sums_of
from viche.portal.writing.windows import known_revision, new_window, remember_save
from viche.projects.actions import save_project
from viche.projects.actions.files import MAX_DOCUMENTS, MAX_PICTURES
from viche.projects.completeness import faults_of
from viche.projects.estimate import MAX_ITEMS
from viche.projects.models import Attachment, Project, State
from viche.projects.wording import refusal_text

FORMS: Mapping[str, type[WritingForm]] = {
    steps.IDEA: IdeaForm, steps.PLACE: PlaceForm, steps.COST: CostForm, steps.QUESTIONS: QuestionsForm,
    steps.PEOPLE: PeopleForm,
}  # fmt: skip
FEWEST_ROWS = 3
UNITS = ("шт.", "м", "м²", "м³", "т", "кг", "год", "комплект", "послуга")


@dataclass
class Saved:
    """What became of a step that was sent. theirs: (label, text) of what another window has saved instead."""

    project: Project
    step: str
    form: WritingForm
    is_done: bool = False
    is_stale: bool = False
    message: str = ""
    rows: int = 0
    theirs: list[tuple[str, str]] = field(default_factory=list)

    def href(self, act: str) -> str:
        """Where the pressed button leads."""
        order = steps.steps_of(self.project)
        if act == "find":
            return f"{steps.step_url(self.project, self.step)}?find=1#find"
        if act == "next":
            return steps.step_url(self.project, order[order.index(self.step) + 1])
        here = steps.step_url(self.project, self.step)
        return f"{here}?rows={self.rows}#item-{self.rows - 1}" if act == "add-row" else f"{here}?saved=1"


def edit_refusal(project: Project) -> str | None:
    """Why its authors may not change the project now; None where they may."""
    decision = lifecycle.decide(
        project.state, "edit", roles={lifecycle.AUTHOR}, phases=project.contest.phases,
        steps=lifecycle.steps_of(project.contest.rules),
    )  # fmt: skip
    return refusal_text(decision) if isinstance(decision, lifecycle.Refusal) else None


def form_of(step: str, project: Project, request: HttpRequest) -> WritingForm:
    """The form of a step, with what was sent or with what is kept."""
    options: dict[str, Any] = {"project": project}
    if step == steps.PLACE:
        options["areas"] = areas_of(project.contest.community.territory)
    if step == steps.COST:
        options["rows"] = _rows(request, project)
    sent = request.POST if request.method == "POST" else None
    if sent is not None and step == steps.PLACE:
        sent = finding.with_picked(sent)
    return FORMS[step](sent, **options)


def _rows(request: HttpRequest, project: Project) -> int:
    if request.method == "POST":
        places = [name.split("-")[1] for name in request.POST if name.startswith("item-")]
        return min(
            MAX_ITEMS,
            max((int(each) + 1 for each in places if each.isdecimal() and len(each) < 4), default=0),
        )
    asked = request.GET.get("rows", "")
    wanted = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    return min(MAX_ITEMS, max(FEWEST_ROWS, len(project.items), wanted))


def step_saved(request: HttpRequest, project: Project, step: str, form: WritingForm) -> Saved:
    """Save a step: what can be kept of a draft is kept, the rest is said at its field and stays in the form."""
    saved = Saved(project, step, form)
    act = request.POST.get("act", "save")
    form.is_valid()
    changes = form.changes()
    if act.startswith("remove-row-") and "items" in changes:
        place_of_row = act.removeprefix("remove-row-")
        if place_of_row.isdecimal() and int(place_of_row) < len(changes["items"]):
            changes["items"] = [each for at, each in enumerate(changes["items"]) if at != int(place_of_row)]
    saved.rows = min(MAX_ITEMS, getattr(form, "_rows", 0) + 1)
    if project.state != State.DRAFT and form.errors:
        return saved
    before = known_revision(request, project)
    try:
        saved.project = _save(request, project, changes, before, form)
        saved.is_done = not form.errors
        if saved.project.revision != before:
            remember_save(request, saved.project, before)
    except Refused as refused:
        if refused.code == "stale":
            saved.is_stale, saved.message = True, str(refused.message)
            saved.theirs = _theirs(form, project)
        else:
            saved.message = str(refused.message)
            form_faults(form, refused.fields or {"": refused.message})
    return saved


def _save(
    request: HttpRequest, project: Project, changes: dict[str, Any], revision: int, form: WritingForm
) -> Project:
    by = request.visitor.actor()  # type: ignore[attr-defined]
    try:
        return save_project(project=project, changes=changes, revision=revision, by=by)
    except Refused as refused:
        if refused.code != "bad_project" or project.state != State.DRAFT:
            raise
        form_faults(form, refused.fields)
        wrong = {name.removeprefix("q-") for name in refused.fields}
        fine = {name: value for name, value in changes.items() if name not in wrong and name != "answers"}
        if "answers" in changes:
            fine["answers"] = {key: value for key, value in changes["answers"].items() if key not in wrong}
        if "coordinates" in wrong:
            fine.pop("latitude", None), fine.pop("longitude", None)
        return save_project(project=project, changes=fine, revision=revision, by=by)


def _theirs(form: WritingForm, project: Project) -> list[tuple[str, str]]:
    """What is kept in the fields in which something else was sent."""
    kept = type(form).initial_of(project)
    rows = []
    for name, bound in form.fields.items():
        here, there = str(form.data.get(name) or "").strip(), kept.get(name)
        there = (
            ("on" if there else "")
            if isinstance(there, bool)
            else str(there if there is not None else "").strip()
        )
        if here.replace("\r\n", "\n") != there:
            rows.append((str(bound.label), there or _("(empty)")))
    return rows


def frame(request: HttpRequest, project: Project, step: str) -> dict[str, Any]:
    """What every step shows around its form."""
    faults = faults_of(project)
    missing = steps.missing_in(project, faults)
    return {
        "contest": project.contest, "project": project, "step": step, "facts": standing(project.contest),
        "heading": steps.NAMES[step], "lead": steps.LEADS[step], "is_draft": project.state == State.DRAFT,
        "progress": steps.progress(project, step, faults), "window": request.POST.get("window") or new_window(),
        "missing_here": [row for row in missing if row.step == step], "missing": missing,
        "order": steps.steps_of(project), "previous": _before(project, step), "now": clock.now(),
        "was_saved": "saved" in request.GET,
    }  # fmt: skip


def _before(project: Project, step: str) -> str:
    order = steps.steps_of(project)
    place_of_step = order.index(step)
    return steps.step_url(project, order[place_of_step - 1]) if place_of_step else ""


def form_page(
    request: HttpRequest, project: Project, step: str, form: WritingForm, *, saved: Saved | None = None
) -> HttpResponse:
    """A step with a form, after a save that did not succeed too."""
    context = {**frame(request, project, step), "form": form, "saved": saved}
    if step == steps.PLACE:
        context |= {"drawing": place.drawing_of(project), "far": place.far_text(project)}
        context |= finding.found_for(project, is_asked=request.method == "GET" and "find" in request.GET)
    if step == steps.COST:
        context |= {"sums": sums_of(project, _typed_rows(saved)), "units": UNITS}
    if step == steps.PEOPLE:
        context["team"] = team_panel(request, project.contest, project)
    status = 200 if saved is None else 409 if saved.is_stale else 422
    return render(request, f"portal/writing/{step}.html", context, status=status)


def saved_page(request: HttpRequest, saved: Saved, step: str) -> HttpResponse:
    """The answer to a page that saves itself: the line that says so, and what changes beside it."""
    saved.project.refresh_from_db()
    context = {**frame(request, saved.project, step), "saved": saved}
    if step == steps.COST:
        context["sums"] = sums_of(saved.project, _typed_rows(saved))
    if step == steps.PLACE:
        context["far"] = place.far_text(saved.project)
    response = render(request, "portal/writing/saved.html", context)
    # the script forgets its own copy only of what has been saved whole
    response["X-Saved"] = "yes" if saved.is_done else "no"
    return response


def _typed_rows(saved: Saved | None) -> Any:
    """The items as they stand on a page that was sent; None where it shows what is kept."""
    return saved.form.changes().get("items") if saved is not None else None


def check_page(request: HttpRequest, project: Project, refused: Refused | None = None) -> HttpResponse:
    """Everything that is missing, the preview, and the button; for a submitted project where it stands."""
    is_draft = project.state == State.DRAFT
    missing = steps.missing_in(
        project, refused.fields if refused and refused.code == "bad_project" else faults_of(project)
    )
    context = {
        **frame(request, project, steps.CHECK), "missing": missing if is_draft else [],
        "refused": refused if refused and refused.code != "bad_project" else None, "far": place.far_text(project),
        "content": content_of_page(project.contest, project, is_official=True), "sums": sums_of(project),
        "edit_refusal": edit_refusal(project), "can_submit": "submission" in project.contest.phases,
        "pictures": list(project.pictures.all()), "step_names": list(steps.NAMES.items()),
    }  # fmt: skip
    return render(request, "portal/writing/check.html", context, status=refused.status if refused else 200)


def files_page(
    request: HttpRequest, project: Project, faults: Mapping[str, list[str]] | None = None
) -> HttpResponse:
    """The step of pictures and documents."""
    context = {
        **frame(request, project, steps.FILES), "pictures": list(project.pictures.all()), "faults": faults or {},
        "documents": documents_of(project.contest, project, is_official=True),
        "kinds": Attachment.Kind.choices, "max_pictures": MAX_PICTURES, "max_documents": MAX_DOCUMENTS,
    }  # fmt: skip
    return render(request, "portal/writing/files.html", context, status=422 if faults else 200)
