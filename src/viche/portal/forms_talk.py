"""Forms of talk: a comment, a report of abuse, news, a moderator's reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm
from viche.talk.models import Report


class CommentForm(RefusableForm):
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Published with your first name and an initial. No links, telephones or addresses, please."),
    )  # fmt: skip
    is_question = forms.BooleanField(
        label=_("This is a question to the community: keep it on top"), required=False
    )

    def __init__(self, *args: object, is_author: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not is_author:
            del self.fields["is_question"]


class ReportForm(RefusableForm):
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )


class NewsForm(RefusableForm):
    title = forms.CharField(label=_("Headline"), max_length=160)
    text = forms.CharField(
        label=_("What is new"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Everybody who follows the project gets it."),
    )  # fmt: skip


class HideForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("It stands in place of what is hidden, for everybody.")
    )
