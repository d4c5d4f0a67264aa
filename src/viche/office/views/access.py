"""Who of the officials looked at whose personal data, and what is kept how long: for auditors and administrators."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from viche.communities.models import Community
from viche.identity.models import NOTHING, Access, Role
from viche.identity.queries import accesses_in, is_uuid, latest_runs, officials_who_looked, terms_kept
from viche.office.forms.access import AccessFilterForm
from viche.office.page_names import page_name
from viche.portal.guards import official, platform

PAGE = 50


@official(Role.ADMINISTRATOR, Role.AUDITOR, shows=NOTHING)
def access(request: HttpRequest) -> HttpResponse:
    """Looks on the pages of this body's office."""
    return _accesses(request, request.place.community)  # type: ignore[attr-defined]


@platform(shows=NOTHING)
def platform_access(request: HttpRequest) -> HttpResponse:
    """Looks on the platform's own pages."""
    return _accesses(request, None)


@official(Role.ADMINISTRATOR, Role.AUDITOR, shows=NOTHING)
def retention(request: HttpRequest) -> HttpResponse:
    """What is kept how long and why, and what the last nights deleted; the same for all bodies of the installation."""
    return _retention(request, is_platform=False)


@platform(shows=NOTHING)
def platform_retention(request: HttpRequest) -> HttpResponse:
    """As retention, at the platform's desk."""
    return _retention(request, is_platform=True)


def _accesses(request: HttpRequest, community: Community | None) -> HttpResponse:
    form = AccessFilterForm(request.GET or None, officials=officials_who_looked(community))
    found = accesses_in(community, **(form.narrowing() if form.is_bound else {}))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "office/access.html",
        {
            "page": page, "rows": [_row(each) for each in page], "form": form, "query": query.urlencode(),
            "is_platform": community is None, "desk_href": reverse("platform" if community is None else "office"),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _row(look: Access) -> dict[str, Any]:
    """A look in words. The references are random: they lead to nobody without the database."""
    who = look.official.merged_into or look.official
    return {
        "look": look, "who": who.display_name or str(who.pk)[-8:], "page": page_name(look.page),
        "record": look.record[-8:] if is_uuid(look.record) else look.record,
        "about": [str(each)[-8:] for each in look.people[:3]], "more": max(0, len(look.people) - 3),
    }  # fmt: skip


def _retention(request: HttpRequest, *, is_platform: bool) -> HttpResponse:
    rows = terms_kept()
    names = {row.code: row.what for row in rows if row.is_rule}
    return render(
        request,
        "office/retention.html",
        {
            "rules": [row for row in rows if row.is_rule], "kept": [row for row in rows if not row.is_rule],
            "runs": [(run, names.get(run.rule, run.rule)) for run in latest_runs()], "is_platform": is_platform,
            "failed": sum(bool(row.last and row.last.error) for row in rows),
            "desk_href": reverse("platform" if is_platform else "office"),
        },
    )  # fmt: skip
