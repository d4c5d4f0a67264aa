"""Forms of an author's answers to the review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm
from viche.review.documents import Upload


def document_field() -> forms.FileField:
    """A document that goes with an opinion, a question or an answer."""
    return forms.FileField(
        label=_("Attach a document"),
        required=False,
        help_text=_("PDF, a document or a picture, up to 20 MB."),
    )


def uploads_of(form: forms.Form) -> list[Upload]:
    """The document that came with the form, where one did."""
    file = form.cleaned_data.get("file")
    return [Upload(file.name, file.read())] if file is not None else []


class ReplyForm(RefusableForm):
    text = forms.CharField(
        label=_("What you answer"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where you do not agree, say why: it is published."),
    )  # fmt: skip


class AnswerForm(RefusableForm):
    question = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Your answer"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    file = document_field()


class MergeForm(RefusableForm):
    """Which project to merge into, by its number."""

    into = forms.IntegerField(label=_("Number of the other project"), min_value=1)
    note = forms.CharField(
        label=_("A word to its author"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
