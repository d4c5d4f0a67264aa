"""How long we keep what: for everybody, from the table that the nightly rules keep to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from viche.foundation.retention import kept_things, retention_rules
from viche.portal.guards import public


@public
def retention(request: HttpRequest) -> HttpResponse:
    """What is kept, how long and why."""
    rows = [(rule.what, rule.term(), rule.why) for rule in retention_rules()]
    kept = [(each.what, each.term, each.why) for each in kept_things()]
    return render(request, "portal/retention.html", {"rows": rows, "kept": kept})
