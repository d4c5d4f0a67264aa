"""My ways to identify: what leads to me, another way added, a log-in service taken off."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.identity.actions import remove_account
from viche.identity.queries import numbers_on_record, ways_used
from viche.portal.guards import identified, to_login
from viche.portal.identifying import way_name


def _adding(is_fresh: bool) -> str:
    """The way to another way: at once, or after an identification by one there is."""
    here = reverse("methods")
    adding = f"{reverse('login')}?{urlencode({'add': 1, 'next': here})}"
    return adding if is_fresh else f"{reverse('login')}?{urlencode({'next': here})}"


@identified
def methods(request: HttpRequest) -> HttpResponse:
    """What leads to the person, and how they identified lately."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if request.method == "POST":
        if not visitor.is_fresh():
            return to_login(request)
        remove_account(person=visitor.person, reference=request.POST.get("account", ""), by=visitor.actor())
        messages.success(request, _("The account leads to you no more."))
        return redirect(request.path)
    return render(
        request,
        "portal/methods.html",
        {
            "numbers": numbers_on_record(visitor.person),
            "ways": [(way_name(each.provider, each.method), each.last) for each in ways_used(visitor.person)],
            "is_fresh": visitor.is_fresh(), "add_href": _adding(visitor.is_fresh()),
        },
    )  # fmt: skip
