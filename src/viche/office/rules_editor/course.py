"""Sections about the course of a contest: submission, support, review."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from rulebook.rules import CHECKS, E_SIGNATURES, REVIEW_OUTCOMES, SIGNATORIES
from rulebook.rules.vocabulary import COUNTED_FROM, METHODS_OF, ONLINE, WAYS_TO_SUPPORT
from viche.contests import places
from viche.contests.places import word
from viche.foundation.fields import PercentField
from viche.office.rules_editor.documents import (
    Block,
    DocumentForm,
    RecordForm,
    Records,
    SectionPage,
    Setting,
    at,
    count,
    in_languages,
    one,
    put,
    words,
    yes_no,
)
from viche.office.rules_editor.money import choices_of
from viche.office.rules_editor.procedure import AfterForm, AppealForm, CheckForm, QuestionForm, kind_of_days


def online_methods() -> Any:
    """Marks for the methods of identification that work online."""
    return words((each, word("method", each)) for each in METHODS_OF[ONLINE])


class TableForm(DocumentForm):
    """Whole numbers by class, category or pot: one field each, and one for all others where ``every`` is set."""

    table = ""
    of = "size_classes"
    every = False

    def make_field(self) -> Any:
        return count()

    def settings(self) -> Mapping[str, Setting]:
        found = {}
        if self.every:
            found["every"] = Setting(f"{self.table}/*", self.make_field(), label=self.every_label())
        for index, (key, name) in enumerate(choices_of(self.document, self.of)):
            found[f"of_{index}"] = Setting(f"{self.table}/{key}", self.make_field(), label=name)
        return found

    def every_label(self) -> str:
        return _("For every class") if self.of == "size_classes" else _("For each")

    def apply(self, document: dict[str, Any], root: str | None = None) -> None:
        kept = dict(at(document, self.table, {}))
        super().apply(document, root)
        table = at(document, self.table, {})
        # what is set for a name that the form does not show (a territory, say) stays
        shown = {setting.path.rpartition("/")[2] for setting in self.bound.values()}
        table = {**{key: value for key, value in kept.items() if key not in shown}, **table}
        put(document, self.table, {key: table[key] for key in sorted(table)} or None)


class AuthorForm(DocumentForm):
    def settings(self) -> Mapping[str, Setting]:
        return {
            "author_max_projects": Setting("author_max_projects", count(), help=gettext_lazy("Blank: no limit.")),
            "max_team": Setting("submission/max_team", count(), help=gettext_lazy("Blank: no limit.")),
            "reserve_share": Setting("submission/reserve_share", PercentField(required=False), help=gettext_lazy("Of the estimate, for rising prices.")),
            "paper_original": Setting("submission/paper_original", yes_no(), default=False),
            "least_amount": Setting("submission/least_amount", yes_no(), default=False),
            "identity_methods": Setting("submission/identity_methods", online_methods(), default=[], help=gettext_lazy("No mark: all of the rules that work online.")),
        }  # fmt: skip


class PerClassForm(TableForm):
    table = "submission/max_per_class"


class AdmittedForm(DocumentForm):
    def settings(self) -> Mapping[str, Setting]:
        return {
            "categories": Setting("submission/categories", words(choices_of(self.document, "categories")), default=[], help=gettext_lazy("No mark: all of them."))
        }  # fmt: skip


class SubmissionSection(SectionPage):
    id = "submission"
    title = gettext_lazy("Submission")
    lead = gettext_lazy("What is asked of an author and of a project, and what happens once it is submitted.")
    owns = ("submission", "author_max_projects", "comments")

    def build(self) -> Iterator[Block]:
        author = self.form(AuthorForm(self.data, document=self.document, prefix="author"))
        yield Block(_("Authors and estimates"), author.rows())
        if at(self.document, "size_classes"):
            limits = self.form(PerClassForm(self.data, document=self.document, prefix="classes"))
            yield Block(_("Most projects of one author by class"), limits.rows(), text=_("Blank: no limit."))
        if at(self.document, "categories"):
            admitted = self.form(AdmittedForm(self.data, document=self.document, prefix="admitted"))
            yield Block(_("Categories admitted this year"), admitted.rows(), is_folded=True)
        yield Block(
            _("Questions of the community"),
            text=_("Asked in the form of a project beside those that every project answers."),
            records=self.records(Records(QuestionForm, self.data, document=self.document, path="submission/questions", add_label=_("Another question"), is_ordered=True)),
        )  # fmt: skip
        self.check = self.form(CheckForm(self.data, document=self.document, prefix="check"))
        yield Block(
            _("Check of form"),
            self.check.rows("wanted", "body_uk", "body_en", "days", "day_kind", "publish_silent"),
            text=_("Whether everything is filled in and nothing is against the law; whether it is a good project, the review says. Without a check a project is published as soon as it is submitted."),
        )  # fmt: skip
        after = self.form(AfterForm(self.data, document=self.document, prefix="after"))
        yield Block(_("After the submission"), after.rows())

    def settle(self, document: dict[str, Any]) -> None:
        self.check.settle(document)


class SupportForm(DocumentForm):
    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["wanted"] = yes_no()
        self.fields["wanted"].label = _("Projects collect support before the review")
        self.initial["wanted"] = at(self.document, "support") is not None

    def settings(self) -> Mapping[str, Setting]:
        return {
            "days": Setting("support/days", count(most=3660), help=gettext_lazy("Blank: the support phase of the schedule.")),
            "counted_from": Setting("support/counted_from", one((each, word("from", each)) for each in COUNTED_FROM), default="publication"),
            "author_counts": Setting("support/author_counts", yes_no(), default=False),
            "ways": Setting("support/ways", words((each, word("way", each)) for each in WAYS_TO_SUPPORT), default=list(WAYS_TO_SUPPORT)),
            "max_per_person": Setting("support/max_per_person", count(), help=gettext_lazy("Blank: no limit.")),
            "withdrawal": Setting("support/withdrawal", yes_no(), default=False),
            "signatories": Setting(
                "support/signatories", one(((each, word("signatories", each)) for each in SIGNATORIES), radio=True), default="number",
                help=gettext_lazy("Names are personal data: each signatory is told before signing."),
            ),
            "e_signature": Setting("support/e_signature", one(((each, word("e_signature", each)) for each in E_SIGNATURES), radio=True), default="none"),
            "identity_methods": Setting("support/identity_methods", online_methods(), default=[], help=gettext_lazy("No mark: all of the rules that work online.")),
        }  # fmt: skip


class ThresholdForm(TableForm):
    table = "support/threshold"
    every = True


class SupportSection(SectionPage):
    id = "support"
    title = gettext_lazy("Support")
    lead = gettext_lazy("Signatures a project needs before it is reviewed.")
    owns = ("support",)

    def build(self) -> Iterator[Block]:
        self.main = self.form(SupportForm(self.data, document=self.document, prefix="support"))
        yield Block("", self.main.rows("wanted"))
        self.needed = self.form(ThresholdForm(self.data, document=self.document, prefix="needed"))
        yield Block(
            _("Supporters needed"),
            self.needed.rows(),
            text=_("Blank: as for every class; a zero means none."),
        )
        yield Block(
            _("How it is collected"),
            self.main.rows(
                "days", "counted_from", "ways", "identity_methods", "max_per_person", "author_counts"
            ),
        )
        yield Block(_("Signatures"), self.main.rows("e_signature", "withdrawal", "signatories"))

    def settle(self, document: dict[str, Any]) -> None:
        if not self.main.cleaned_data["wanted"]:
            document.pop("support", None)
        else:
            document["support"].setdefault("threshold", {})


class StageForm(RecordForm):
    def settings(self) -> Mapping[str, Setting]:
        return {
            **in_languages("name", "name"),
            **in_languages("body", "body"),
            "outcomes": Setting("outcomes", words((each, word("outcome", each)) for each in REVIEW_OUTCOMES), default=["admit", "reject"]),
            "days": Setting("days", count(most=3660), help=gettext_lazy("Blank: not stated.")),
            "day_kind": Setting("day_kind", kind_of_days(), default="calendar"),
            "correction_days": Setting("correction_days", count(most=3660), help=gettext_lazy("Blank: the author is asked for no changes.")),
            "reject_silent": Setting("reject_silent", yes_no(), default=False),
            "reject_refusal": Setting("reject_refusal", yes_no(), default=False),
            "checks": Setting("checks", words((each, word("check", each)) for each in CHECKS), default=[], help=gettext_lazy("No mark: all of them.")),
            "quorum": Setting("quorum", count(most=1_000), help=gettext_lazy("Decided at a meeting, by roll-call. Blank: one member decides.")),
        }  # fmt: skip


class CalendarForm(DocumentForm):
    def settings(self) -> Mapping[str, Setting]:
        return {
            "working_calendar": Setting("working_calendar", one(((key, _(said)) for key, said in places.WORKING_CALENDARS.items()), radio=True), default="ukraine")
        }  # fmt: skip


class ReviewSection(SectionPage):
    id = "review"
    title = pgettext_lazy("of projects", "Review")
    lead = gettext_lazy(
        "Which bodies look at a project, in which order, in how many days, and what they may decide."
    )
    owns = ("review", "working_calendar", "appeal")

    def build(self) -> Iterator[Block]:
        yield Block(
            _("Stages, in order"),
            records=self.records(Records(StageForm, self.data, document=self.document, path="review", add_label=_("Another stage"), is_ordered=True)),
        )  # fmt: skip
        self.appeal = self.form(AppealForm(self.data, document=self.document, prefix="appeal"))
        yield Block(
            _("Appeals"),
            self.appeal.rows("wanted", "body_uk", "body_en", "days", "decision_days", "day_kind"),
            text=_("An appeal that is granted brings the project back into the review."),
        )
        calendar = self.form(CalendarForm(self.data, document=self.document, prefix="calendar"))
        yield Block(
            _("Working days"),
            calendar.rows(),
            text=_("How terms in working days are counted."),
            is_folded=True,
        )

    def settle(self, document: dict[str, Any]) -> None:
        self.appeal.settle(document)
