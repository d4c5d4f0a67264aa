"""Forms of connecting a body: what its official writes, and what the platform answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm


class RequestForm(RefusableForm):
    """An official asks to connect a body."""

    code = forms.CharField(widget=forms.HiddenInput)
    body = forms.CharField(
        label=_("Council or other body"), max_length=200, help_text=_("Its full official name.")
    )
    position = forms.CharField(label=_("Your position in it"), max_length=120)
    email = forms.EmailField(
        label=_("Official e-mail"), help_text=_("An address in .gov.ua is checked soonest."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    proof = forms.CharField(
        label=_("Official letter"), max_length=400,
        help_text=_("Number and date of the letter or decision by which the body asks, and who signed it."),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_("I agree that the platform checks these particulars and keeps them with the request"),
        required=False,
    )


class AnswerForm(RefusableForm):
    answer = forms.CharField(
        label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ApproveForm(RefusableForm):
    slug = forms.CharField(
        label=_("Address on the platform"), max_length=40, help_text=_("Latin letters, digits and hyphens.")
    )


class QuestionForm(RefusableForm):
    question = forms.CharField(
        label=_("Question to the applicant"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RefuseForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason of the refusal"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant reads it."),
    )  # fmt: skip


class DirectForm(RefusableForm):
    """The platform connects a body itself."""

    code = forms.CharField(
        label=_("Code of the codifier"), max_length=19, help_text=_("КАТОТТГ: UA and 17 digits.")
    )
    slug = forms.CharField(
        label=_("Address on the platform"), max_length=40, required=False,
        help_text=_("Latin letters, digits and hyphens; empty: from the name."),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail of the first administrator"), help_text=_("An invitation is sent there.")
    )
