"""What the proxy asks before it gets a certificate for a host."""

from django.http import HttpRequest, HttpResponse

from viche.connectors.website.domain import is_ours, mark_of
from viche.portal.guards import public


@public
def known_domain(request: HttpRequest) -> HttpResponse:
    """200 for a host of ours, with the mark by which we know ourselves; 404 for any other."""
    host = request.GET.get("domain", "").strip().lower().rstrip(".")
    is_known = is_ours(host)
    text = mark_of(host) if is_known else "unknown"
    response = HttpResponse(f"{text}\n", content_type="text/plain", status=200 if is_known else 404)
    response["Cache-Control"] = "no-store"
    return response
