"""What is kept about me: taken home, shown as I wish, erased; and what was done in my name by somebody else."""

import json

from django import forms
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.channels.booth import selection
from viche.connectors.export.own import own_document
from viche.foundation.clock import KYIV, now
from viche.foundation.refused import Refused
from viche.identity import sessions
from viche.identity.actions import (
    ask_erasure,
    cancel_erasure,
    issues_before_erasure,
    object_to_act,
    set_name_form,
)
from viche.identity.actions.objections import MAX_TEXT
from viche.identity.models import NameForms
from viche.identity.queries import accesses_about, objections_by
from viche.portal.acts import acts_of
from viche.portal.guards import identified, to_login

# looks of officials shown on the page, the latest
LOOKS = 20


class NameForm(forms.Form):
    name_form = forms.ChoiceField(
        label=gettext_lazy("My name beside what I write"), choices=NameForms.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "The author’s name of a project and the list of signatures follow the rules of the contest."
        ),
    )  # fmt: skip


class ErasureForm(forms.Form):
    is_sure = forms.BooleanField(
        label=gettext_lazy("I understand that this cannot be undone"),
        error_messages={"required": gettext_lazy("Tick this, if you are sure.")},
    )


class ObjectionForm(forms.Form):
    act = forms.ChoiceField(
        label=gettext_lazy("Which of these was not you?"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what was not you.")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("What do you know about it?"), widget=forms.Textarea(attrs={"rows": 5}),
        max_length=MAX_TEXT,
        help_text=gettext_lazy("Where you were then, who could have used your phone or documents."),
        error_messages={"required": gettext_lazy("Say in a few words why it was not you.")},
    )  # fmt: skip


@identified
def data(request: HttpRequest) -> HttpResponse:
    """What is kept about me, and what I can do with it."""
    visitor = request.visitor  # type: ignore[attr-defined]
    form = NameForm(
        request.POST if request.method == "POST" else None, initial={"name_form": visitor.person.name_form}
    )
    if request.method == "POST" and form.is_valid():
        set_name_form(person=visitor.person, form=form.cleaned_data["name_form"], by=visitor.actor())
        messages.success(request, _("Saved."))
        return redirect(request.path)
    document = own_document(visitor.person)
    return render(
        request, "portal/own_data.html",
        {
            "form": form, "example": visitor.person.public_name, "votes": len(document["votes"]),
            "looks": accesses_about(person=visitor.person, number=LOOKS),
            "records": sum(len(rows) for rows in document["tables"].values()),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@identified
def download(request: HttpRequest) -> HttpResponse:
    """Everything kept about me as a file; only soon after an identification."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if not visitor.is_fresh():
        return to_login(request)
    text = json.dumps(own_document(visitor.person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = f"viche-my-data-{now().astimezone(KYIV):%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@identified
def erase(request: HttpRequest) -> HttpResponse:
    """Erase me: what goes and what stays, what stands against it, and the act itself."""
    visitor = request.visitor  # type: ignore[attr-defined]
    person = visitor.person
    obstacles = issues_before_erasure(person)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not visitor.is_fresh():
        return to_login(request)
    if request.method == "POST" and request.POST.get("act") == "cancel":
        cancel_erasure(person=person, by=visitor.actor())
        messages.success(request, _("Your data stays."))
        return redirect(reverse("own-data"))
    if request.method == "POST" and form.is_valid():
        if not ask_erasure(person=person, by=visitor.actor()):
            messages.info(request, _("Your data will be erased as soon as nothing stands against it."))
            return redirect(request.path)
        sessions.leave(request)
        messages.success(request, _("Your data is erased, and you have left your session."))
        response = redirect(reverse("start", urlconf="viche.config.urls"))
        selection.forget_all(response, request)
        return response
    return render(
        request, "portal/own_data_erase.html",
        {"form": form, "obstacles": obstacles, "asked_at": person.erasure_asked_at},
        status=422 if form.errors else 200,
    )  # fmt: skip


@identified
def objections(request: HttpRequest) -> HttpResponse:
    """Say of something done in my name that it was not me; and what was found about what I said before."""
    person = request.visitor.person  # type: ignore[attr-defined]
    acts = {act.name: act for act in acts_of(person)}
    form = ObjectionForm(
        request.POST if request.method == "POST" else None, initial={"act": request.GET.get("act", "")}
    )
    choice = form.fields["act"]
    assert isinstance(choice, forms.ChoiceField)
    choice.choices = [
        (act.name, f"{act.words}, {act.at.astimezone(KYIV):%d.%m.%Y, %H:%M}") for act in acts.values()
    ]
    if request.method == "POST" and form.is_valid():
        act = acts[form.cleaned_data["act"]]
        try:
            object_to_act(
                person=person, community=act.community, kind=act.kind, reference=act.reference, act=act.words,
                text=form.cleaned_data["text"],
            )  # fmt: skip
        except Refused as refused:
            for field, said in (refused.fields or {"act": [refused.message]}).items():
                form.add_error(field, said)
        else:
            messages.success(
                request, _("You have said it. The body looks into it and answers you on this page.")
            )
            return redirect(reverse("objections"))
    return render(
        request, "portal/objections.html",
        {"form": form, "is_anything": bool(acts), "cases": list(objections_by(person))},
        status=422 if form.errors else 200,
    )  # fmt: skip
