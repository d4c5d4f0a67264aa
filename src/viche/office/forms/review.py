"""Forms of the review: a decision, an assignment, an opinion, a question, corrections."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.foundation.fields import MoneyField
from viche.identity.models import Office
from viche.portal.forms_review import document_field
from viche.portal.refusable import RefusableForm
from viche.review.models import Decision, Opinion
from viche.review.queries import Narrowing, Row, reviewer_of
from viche.review.wording import CHECK_NAMES, stage_name


class VerdictForm(RefusableForm):
    """What the stage decides; the reason is asked for all but an admission."""

    stage = forms.CharField(required=False, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The author and everybody else will read it. For a return: what is to be changed."),
    )  # fmt: skip
    conditions = forms.CharField(
        label=_("Conditions"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For an admission with corrections: what the author must agree to."),
    )  # fmt: skip

    def __init__(self, *args: Any, outcomes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = [(each, Decision.Verdict(each).label) for each in outcomes]
        if "admit-with-correction" not in outcomes:
            del self.fields["conditions"]

    def clean_stage(self) -> str | None:
        """The stage that was looked at; None where nothing is said of it."""
        return self.cleaned_data["stage"] if self.add_prefix("stage") in self.data else None


class AssignForm(RefusableForm):
    """Which department is asked, who answers for it, until when."""

    office = forms.ChoiceField(label=_("Reviewer"), required=False)
    unit = forms.CharField(
        label=_("Department"),
        required=False,
        max_length=200,
        help_text=_("Empty: the department of the reviewer."),
    )
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: the last day of the stage."),
    )  # fmt: skip

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {str(each.pk): each for each in offices}
        names = [
            (key, f"{each.person.display_name}" + (f", {each.unit}" if each.unit else ""))
            for key, each in self.offices.items()
        ]
        self.fields["office"].choices = [("", _("nobody yet")), *names]

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"unit": data["unit"], "office": self.offices.get(data["office"]), "due_on": data["due_on"]}


class NarrowingForm(forms.Form):
    """What of the board is looked for: by stage, department, reviewer."""

    says_optional = False

    stage = forms.ChoiceField(label=_("Stage"), required=False)
    unit = forms.ChoiceField(label=_("Department"), required=False)
    reviewer = forms.ChoiceField(label=_("Reviewer"), required=False)
    late = forms.BooleanField(label=_("Only what is late"), required=False)

    def __init__(self, data: Any, *, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        works = [each for row in rows for each in row.assignments]
        stages = {row.standing.stage.id: stage_name(row.standing.stage) for row in rows}
        units = {each.unit: each.unit for each in sorted(works, key=lambda work: work.unit)}
        reviewers = {
            reviewer_of(each): each.office.person.display_name if each.has_reviewer else str(_("needs a reviewer"))
            for each in works
        }  # fmt: skip
        for name, found in (("stage", stages), ("unit", units), ("reviewer", reviewers)):
            self.fields[name].choices = [("", _("all")), *found.items()]
            if len(found) < 2 and not self.data.get(name):
                del self.fields[name]

    def narrowing(self) -> Narrowing:
        """What is looked for; what is not among the choices narrows nothing."""
        self.full_clean()
        said = {name: self.cleaned_data.get(name, "") for name in ("stage", "unit", "reviewer")}
        return Narrowing(**said, is_late=bool(self.cleaned_data.get("late")))


class QuestionForm(RefusableForm):
    text = forms.CharField(
        label=_("Question to the author"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = document_field()


class ReopenForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class OpinionForm(RefusableForm):
    """The checklist of a stage, the conclusion and its reasons."""

    # a draft may be half-finished; what is needed to sign it is said where it is signed
    says_optional = False

    revision = forms.IntegerField(widget=forms.HiddenInput)
    conclusion = forms.ChoiceField(
        label=_("Conclusion"), required=False, choices=Opinion.Conclusion.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=_("Reasons"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Published with the project: write them for its author and for residents."),
    )  # fmt: skip
    corrected_cost = MoneyField(
        label=_("Corrected cost, UAH"), required=False, help_text=_("Where the estimate is wrong.")
    )
    file = document_field()

    def __init__(self, *args: Any, checks: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks
        own = self.fields
        self.fields = {"revision": own["revision"]}
        for code in checks:
            self.fields[f"check_{code}"] = forms.ChoiceField(
                label=CHECK_NAMES[code],
                required=False,
                choices=Opinion.Answer.choices,
                widget=forms.RadioSelect,
            )
            self.fields[f"note_{code}"] = forms.CharField(
                label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
            )
        self.fields |= {name: own[name] for name in ("conclusion", "reasons", "corrected_cost", "file")}

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "checks": {
                code: {"answer": data[f"check_{code}"], "note": data[f"note_{code}"]} for code in self.checks
            },
            "conclusion": data["conclusion"], "reasons": data["reasons"], "corrected_cost": data["corrected_cost"],
            "revision": data["revision"],
        }  # fmt: skip

    @staticmethod
    def initial_of(opinion: Opinion | None, revision: int) -> dict[str, Any]:
        if opinion is None:
            return {"revision": revision}
        return {
            "revision": revision, "conclusion": opinion.conclusion, "reasons": opinion.reasons,
            "corrected_cost": opinion.corrected_cost,
            **{f"check_{code}": said.get("answer", "") for code, said in opinion.checks.items()},
            **{f"note_{code}": said.get("note", "") for code, said in opinion.checks.items()},
        }  # fmt: skip
