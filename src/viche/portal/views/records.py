"""The public record of a finished contest: its page, its files, all of it as one ZIP file."""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from viche.connectors.record.queries import record_archive, record_file, record_names
from viche.contests.models import Contest
from viche.journal.publishing import key_of_log
from viche.journal.queries import logs_about
from viche.portal.contest_page import contest_url
from viche.portal.guards import in_contest, public
from viche.results.queries import publication_of

TYPES = {".json": "application/json", ".txt": "text/plain; charset=utf-8"}


@public
@in_contest
def record(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What the record is, how to verify it, every file of it."""
    publication = publication_of(contest)
    if publication is None:
        raise Http404(contest.slug)
    archive = record_archive(contest)
    logs = logs_about(contest.community.code, f"contest:{contest.pk}", f"ballots:{contest.pk}")
    address = request.build_absolute_uri(contest_url(contest, "record"))
    return render(
        request,
        "portal/record.html",
        {
            "contest": contest, "publication": publication, "names": record_names(contest), "address": address,
            "size": archive.stat().st_size if archive else 0,
            "keys": [key.text for key in dict.fromkeys(key_of_log(log) for log in logs) if key],
        },
    )  # fmt: skip


@public
@in_contest
def record_zip(request: HttpRequest, contest: Contest) -> FileResponse:
    """The whole record as one file."""
    return _sent(record_archive(contest), name=f"{contest.slug}-record.zip")


@public
@in_contest
def record_part(request: HttpRequest, contest: Contest, name: str) -> FileResponse:
    """One file of the record, as ``rulebook verify`` reads them from an address."""
    response = _sent(record_file(contest, name))
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _sent(path: Path | None, *, name: str = "") -> FileResponse:
    if path is None:
        raise Http404("no such file of a record")
    kind = "application/zip" if name else TYPES.get(path.suffix, "application/octet-stream")
    response = FileResponse(
        path.open("rb"), content_type=kind, as_attachment=bool(name), filename=name or path.name
    )
    response["Cache-Control"] = "public, max-age=3600"
    return response
