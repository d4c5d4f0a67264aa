"""The public catalogue of events that webhooks tell, with the schema of each."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from viche.connectors.webhooks.catalogue import GROUPS, kind_named, kinds_in, schema_of
from viche.portal.guards import public


@public
def webhook_events(request: HttpRequest) -> HttpResponse:
    """Every kind of event by groups, in sentences."""
    groups = [(title, kinds_in(name)) for name, (title, _rooms) in GROUPS.items()]
    return render(request, "portal/webhook_events.html", {"groups": groups})


@public
def webhook_event_schema(request: HttpRequest, name: str) -> HttpResponse:
    """JSON Schema of what a receiver gets of one kind."""
    found = kind_named(name)
    if found is None:
        raise Http404(name)
    address = request.build_absolute_uri(reverse("webhook-event-schema", args=[name]))
    response = JsonResponse(schema_of(found, address), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Type"] = "application/schema+json"
    return response
