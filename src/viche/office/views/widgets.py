"""Where an official picks a widget, sees it, and copies the code for the community's own website."""

import io
import zipfile

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from viche.connectors.website.wordpress import plugin_file
from viche.contests.queries import opened_contests_of
from viche.identity.models import NOTHING, Role
from viche.office.embedding import codes, roots, ways
from viche.office.forms.widgets import WidgetForm
from viche.portal.guards import official


@official(Role.ADMINISTRATOR, Role.EDITOR, shows=NOTHING)
@csp_update({"frame-src": [SELF]})
def picker(request: HttpRequest) -> HttpResponse:
    """Pick, see, copy. What is picked stands in the address: nothing is kept."""
    community = request.place.community  # type: ignore[attr-defined]
    form = WidgetForm(request.GET.dict(), contests=list(opened_contests_of(community)))
    is_valid = form.is_valid()
    found = codes(request, community, form.cleaned_data)
    shown = {
        "form": form,
        "codes": found,
        "ways": ways(found),
        "is_complete": is_valid,
        "community": community,
    }
    return render(request, "office/widgets.html", shown)


@official(Role.ADMINISTRATOR, Role.EDITOR, shows=NOTHING)
def plugin(request: HttpRequest) -> HttpResponse:
    """A plugin for WordPress that knows this body's address."""
    community = request.place.community  # type: ignore[attr-defined]
    root, slug = roots(request, community)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "viche-widgets/viche-widgets.php", plugin_file(root=root, slug=slug, title=community.title)
        )
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="viche-widgets.zip"'
    return response
