"""The journal of a body as programs follow it: its logs, their entries by index, the signed checkpoint."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query

from rulebook.merkle import CheckpointError
from viche.api.v1 import schemas
from viche.api.v1.core import READ_REFUSALS, api, reads
from viche.api.v1.documents import href
from viche.api.v1.finding import community_of
from viche.api.v1.reading import Limit
from viche.journal.models import Log
from viche.journal.publishing import published
from viche.journal.queries import entries_after, log_at, logs_of

LOGS = "communities/{str:community}/log"


def _log_of(community: str, log: str) -> Log:
    found = log_at(community_of(community).code, log)
    if found is None:
        raise Http404(log)
    return found


@reads(LOGS, schemas.Logs, name="logs", tag="log")
def logs(request: HttpRequest, community: str) -> Any:
    """The logs of a body, one a year, the newest first."""
    body = community_of(community)
    return {
        "items": [
            {
                "log": each.address, "origin": each.origin, "size": each.size, "root": each.root,
                "entries": href(request, body, "log", each.address, "entries"),
                "checkpoint": href(request, body, "log", each.address, "checkpoint"),
            }
            for each in logs_of(body.code)
        ]
    }  # fmt: skip


@reads(f"{LOGS}/{{str:log}}/entries", schemas.Entries, name="entries", tag="log")
def entries(
    request: HttpRequest, community: str, log: str,
    start: Annotated[int, Query(alias="from", ge=0, lt=2**62, description="The index of the first entry.")] = 0,
    limit: Limit = 100,
) -> Any:  # fmt: skip
    """Entries in their order, from an index on. Whoever has all of them computes the root by themselves."""
    found = _log_of(community, log)
    rows = list(entries_after(found, start, limit))
    following = rows[-1].index + 1 if rows and rows[-1].index is not None else start
    address = None
    if rows and following < found.size:
        query = request.GET.copy()
        query["from"] = str(following)
        address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        request.links = [(address, "next")]  # type: ignore[attr-defined]
    return {
        "size": found.size, "next": address,
        "items": [
            {"index": each.index, "kind": each.kind, "subject": each.subject, "at": each.recorded_at,
             "leaf": each.leaf, "leaf_hash": bytes(each.leaf_hash).hex()}
            for each in rows
        ],
    }  # fmt: skip


@api.get(
    f"{LOGS}/{{str:log}}/checkpoint", response=READ_REFUSALS, url_name="checkpoint", tags=["log"],
    operation_id="checkpoint", openapi_extra={
        "security": [],
        "responses": {
            200: {"description": "C2SP checkpoint", "content": {"text/plain": {"schema": {"type": "string"}}}}
        },
    },
)  # fmt: skip
def checkpoint(request: HttpRequest, community: str, log: str) -> HttpResponse:
    """The latest signed checkpoint of a log, with the signatures of its witnesses."""
    try:
        found = published(_log_of(community, log))
    except CheckpointError:
        found = None
    if found is None:
        raise Http404(log)
    return HttpResponse(found.note, content_type="text/plain; charset=utf-8")
