"""Forms of an author's answers to the review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm


class ReplyForm(RefusableForm):
    text = forms.CharField(
        label=_("What you answer"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where you do not agree, say why: it is published."),
    )  # fmt: skip


class AnswerForm(RefusableForm):
    question = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Your answer"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class MergeForm(RefusableForm):
    """Which project to merge into, by its number."""

    into = forms.IntegerField(label=_("Number of the other project"), min_value=1)
    note = forms.CharField(
        label=_("A word to its author"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
