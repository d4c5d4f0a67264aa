"""Forms of the commission's desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.identity.models import Person
from viche.portal.refusable import RefusableForm
from viche.projects.models import Project, State
from viche.review.models import AgendaItem
from viche.review.queries import members_of, projects_for_agenda, protocol_name, secretaries_of, standing_of

Verdict = AgendaItem.Verdict

APPEALED = (Verdict.GRANT_APPEAL, Verdict.DISMISS_APPEAL)


def verdicts_for(project: Project) -> list[tuple[str, Any]]:
    """What can be proposed about the project as it stands: what its stage foresees, or about its appeal."""
    if project.state == State.APPEALED:
        return [(verdict.value, verdict.label) for verdict in APPEALED]
    outcomes = standing_of(project).stage.outcomes
    return [(verdict.value, verdict.label) for verdict in Verdict if verdict.value in outcomes]


def _long(label: Any, help_text: Any = "", **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}), **options
    )


def _project(projects: list[Project]) -> list[tuple[str, str]]:
    return [(str(project.number), f"№ {project.number}: {project.title}") for project in projects]


class ConflictForm(RefusableForm):
    project = forms.TypedChoiceField(label=_("Project"), coerce=int)
    reason = _long(
        _("What the conflict is"),
        _("Officials read it. Everybody sees only that somebody is recused. It cannot be taken back."),
    )

    def __init__(self, *args: Any, projects: list[Project], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["project"].choices = _project(projects)  # type: ignore[attr-defined]


class CallForm(RefusableForm):
    starts_at = forms.DateTimeField(
        label=_("Day and time"), help_text=_("Kyiv time."),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    place = forms.CharField(label=_("Place"), max_length=300, required=False)
    link = forms.URLField(
        label=_("Link"), max_length=500, required=False, assume_scheme="https",
        help_text=_("Of an online meeting or of the broadcast: everybody sees it."),
    )  # fmt: skip
    chair = forms.ChoiceField(label=_("Chair"))
    secretary = forms.ChoiceField(label=_("Secretary"), help_text=_("Both approve the protocol."))
    projects = forms.MultipleChoiceField(
        label=_("Agenda"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, contest: Contest, **options: Any) -> None:
        super().__init__(*args, **options)
        body = contest.community
        self.people = {"chair": members_of(body), "secretary": secretaries_of(body)}
        for name, people in self.people.items():
            found = [(str(person.pk), protocol_name(person)) for person in people]
            self.fields[name].choices = [("", "—"), *found]  # type: ignore[attr-defined]
        self.waiting = projects_for_agenda(contest)
        self.fields["projects"].choices = _project(self.waiting)  # type: ignore[attr-defined]

    def clean_starts_at(self) -> Any:
        return self.cleaned_data["starts_at"].replace(tzinfo=KYIV)

    def person(self, name: str) -> Person:
        """Who was chosen as chair or secretary."""
        return next(person for person in self.people[name] if str(person.pk) == self.cleaned_data[name])

    def agenda(self) -> list[tuple[Project, str]]:
        """The projects chosen, each with the first verdict it can have; the chair or secretary changes it."""
        chosen = set(self.cleaned_data["projects"])
        return [
            (project, verdicts_for(project)[0][0])
            for project in self.waiting
            if str(project.number) in chosen
        ]


class PlanForm(RefusableForm):
    verdict = forms.ChoiceField(label=_("Proposed"), widget=forms.RadioSelect)
    reason = _long(
        _("Reasons"), _("Voted on together with the proposal; everybody reads them."), required=False
    )
    conditions = _long(
        _("Conditions"),
        _("What the author has to agree to; only for an admission with conditions."),
        required=False,
    )

    def __init__(self, *args: Any, project: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = verdicts_for(project)
        self.fields["verdict"].choices = offered  # type: ignore[attr-defined]
        if Verdict.CORRECT not in dict(offered):
            del self.fields["conditions"]


class NotesForm(RefusableForm):
    notes = _long(_("Who spoke"), _("Stands in the protocol."), required=False)


class AnswerForm(RefusableForm):
    answer = _long(_("Reason"), _("The author and everybody else will read it."))


class IncompatibleForm(RefusableForm):
    projects = forms.MultipleChoiceField(
        label=_("Projects"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Two or more, of which one can win."),
    )  # fmt: skip
    reason = _long(_("Why only one of them can be built"), _("For example: they are on the same place."))

    def __init__(self, *args: Any, projects: list[Project], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["projects"].choices = _project(projects)  # type: ignore[attr-defined]


class ReasonForm(RefusableForm):
    reason = _long(_("Reason"))
