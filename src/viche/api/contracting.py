"""The contracts of a contest's winners as open data (OCDS)."""

from django.http import HttpRequest, HttpResponse

from viche.connectors.treasury.ocds import release_package
from viche.contests.models import Contest
from viche.portal.guards import in_contest, public


@public
@in_contest
def ocds(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The release package, for everybody."""
    content = release_package(contest, address=request.build_absolute_uri(request.path))
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return response
