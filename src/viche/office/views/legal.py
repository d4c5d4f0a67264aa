"""The body's legal texts: which are in force, and new versions of them."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.foundation.refused import Refused
from viche.identity.actions import publish_text
from viche.identity.consents.wording import CONSENT, KINDS, LANGUAGES, NAMES, facts_of, filled, rendered
from viche.identity.models import NOTHING, Role
from viche.identity.queries import text_in_force, text_versions
from viche.portal.guards import official


class TextForm(forms.Form):
    """A new version of a text."""

    uk = forms.CharField(
        label=gettext_lazy("The text in Ukrainian"), widget=forms.Textarea(attrs={"rows": 18})
    )
    en = forms.CharField(label=gettext_lazy("The text in English"), widget=forms.Textarea(attrs={"rows": 18}))
    changes = forms.CharField(
        label=gettext_lazy("What is new"),
        max_length=500,
        help_text=gettext_lazy("People read it beside the version."),
    )
    asks_again = forms.BooleanField(
        label=gettext_lazy("Ask everybody for consent anew"), required=False,
        help_text=gettext_lazy("Where purposes or recipients have changed; not for a comma."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)


@official(Role.ADMINISTRATOR, shows=NOTHING)
def texts(request: HttpRequest) -> HttpResponse:
    """Every text with its version."""
    community = request.place.community  # type: ignore[attr-defined]
    rows = [(kind, NAMES[kind], text_in_force(community, kind)) for kind in KINDS]
    return render(request, "office/texts.html", {"rows": rows})


@official(Role.ADMINISTRATOR, shows=NOTHING)
def text(request: HttpRequest, name: str) -> HttpResponse:
    """Write a new version from the one in force, look at it, publish it."""
    if name not in KINDS:
        raise Http404(name)
    community = request.place.community  # type: ignore[attr-defined]
    standing = text_in_force(community, name)
    form = TextForm(request.POST or None, initial={**standing.text, "seen": standing.version})
    if name != CONSENT:
        del form.fields["asks_again"]
    if request.method == "POST" and form.is_valid() and request.POST.get("act") == "publish":
        data = form.cleaned_data
        try:
            publish_text(
                community=community, kind=name, text={each: data[each] for each in LANGUAGES}, changes=data["changes"],
                asks_again=data.get("asks_again", False), seen=data["seen"], by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            for field, said in (refused.fields or {None: [refused.message]}).items():
                form.add_error(field if field in form.fields else None, said)
        else:
            messages.success(request, _("The new version is in force."))
            return redirect(reverse("office-texts"))
    facts = facts_of(community, request.get_host())
    return render(
        request, "office/text.html",
        {
            "form": form, "title": NAMES[name], "standing": standing, "versions": text_versions(community, name),
            "places": [f"{{{{{each}}}}}" for each in sorted(facts)], "name": name,
            "previews": [(each, rendered(filled(form[each].value() or "", facts))) for each in LANGUAGES],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
