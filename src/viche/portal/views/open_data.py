"""Open data: of one contest, of a body, of the platform; files at stable addresses; the catalogue by DCAT-AP."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from viche.communities.models import Community
from viche.communities.queries import connected_communities
from viche.connectors.open_data.catalogue import catalogue, platform_catalogue
from viche.connectors.open_data.files import file_named
from viche.connectors.open_data.formats.dictionary import dictionary_file
from viche.connectors.open_data.graph import Node, jsonld, rdf_xml, turtle
from viche.connectors.open_data.places import body_address
from viche.connectors.open_data.queries import licence_of
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of, with_opened_contests
from viche.portal.guards import in_contest, public
from viche.portal.open_data_page import contest_context, files_at_hand

WRITERS: dict[str, tuple[str, Callable[..., Iterator[str]]]] = {
    "ttl": ("text/turtle; charset=utf-8", turtle),
    "jsonld": ("application/ld+json", jsonld),
    "rdf": ("application/rdf+xml", rdf_xml),
}
# seconds a catalogue serves all who ask for it
KEPT = 300
CSVM = "{+url}-metadata.json\ncsv-metadata.json\n"


@public
@in_contest
def contest_data(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Every file of the contest's open data: what is in it, how large it is, its hash, its first rows."""
    return render(request, "portal/open_data.html", contest_context(contest))


@public
@in_contest
def contest_file(request: HttpRequest, contest: Contest, name: str) -> HttpResponseBase:
    """One file; the same bytes for the same data, under its hash as ETag."""
    file = file_named(name)
    if file is None:
        raise Http404(name)
    written = files_at_hand(contest, file.part).files.get(name)
    if written is None:
        raise Http404(name)
    attached = f"{contest.community.slug}-{contest.slug}-{name}"
    response = kept_file(
        request, written, lambda: files_at_hand(contest, file.part).files.get(name), attached, file.media_type
    )
    if file.table is not None:
        response["Link"] = f'<{name}-metadata.json>; rel="describedby"; type="application/csvm+json"'
    return response


class Kept(Protocol):
    """A file that was written: where it lies, its SHA-256, when it was written."""

    @property
    def path(self) -> Path: ...
    @property
    def sha256(self) -> str: ...
    @property
    def written_at(self) -> datetime: ...


def kept_file(
    request: HttpRequest, written: Kept, again: Callable[[], Kept | None], name: str, media_type: str
) -> HttpResponseBase:
    """A written file to save under a name, under its hash as ETag. again: the file of now, where the data have moved
    on meanwhile. Raises Http404.
    """
    etag, moment = f'"{written.sha256}"', int(written.written_at.timestamp())
    response: HttpResponseBase | None = get_conditional_response(request, etag, moment)
    if response is None:
        try:
            content = written.path.open("rb")
        except FileNotFoundError:  # the data have just moved on: the files of now take their place
            found = again()
            if found is None:
                raise Http404(name) from None
            content = found.path.open("rb")
            etag, moment = f'"{found.sha256}"', int(found.written_at.timestamp())
        response = FileResponse(content, content_type=media_type, as_attachment=True, filename=name)
    response["ETag"], response["Last-Modified"] = etag, http_date(moment)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, no-cache"
    return response


@public
def data(request: HttpRequest) -> HttpResponse:
    """The open data of a body: every contest, the catalogue, the licence."""
    community = request.place.community  # type: ignore[attr-defined]
    if community is None:
        raise Http404
    context = {
        "contests": list(opened_contests_of(community)), "licence": licence_of(community),
        "address": body_address(community, "data"), "catalogues": list(WRITERS),
    }  # fmt: skip
    return render(request, "portal/open_data_body.html", context)


@public
def catalog(request: HttpRequest, name: str) -> HttpResponseBase:
    """The catalogue of a body in one of three forms."""
    community = request.place.community  # type: ignore[attr-defined]
    if community is None or name not in WRITERS:
        raise Http404(name)
    return _catalogued(str(community.pk), lambda: catalogue(community), name)


@public
def platform_data(request: HttpRequest) -> HttpResponse:
    """The open data of the platform: its bodies, and one catalogue of them all."""
    bodies = [(each, body_address(each, "data")) for each in _bodies()]
    context = {"bodies": bodies, "catalogues": list(WRITERS)}
    return render(request, "portal/open_data_platform.html", context)


@public
def platform_catalog(request: HttpRequest, name: str) -> HttpResponseBase:
    """One catalogue of all bodies, for those who harvest it."""
    if name not in WRITERS:
        raise Http404(name)
    return _catalogued("platform", lambda: platform_catalogue(_bodies()), name)


def _bodies() -> list[Community]:
    """The bodies that hold contests."""
    return [each for each in with_opened_contests(connected_communities()) if each.contests.all()]


def _catalogued(key: str, nodes: Callable[[], Iterator[Node]], name: str) -> HttpResponse:
    """Written once in KEPT seconds, however many ask: it takes a look at every contest."""
    media_type, write = WRITERS[name]
    kept = f"catalogue:{key}:{name}"
    text = cache.get(kept)
    if text is None:
        text = "".join(write(nodes()))
        cache.set(kept, text, KEPT)
    response = HttpResponse(text, content_type=media_type)
    response["Cache-Control"] = f"public, max-age={KEPT}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public
def dictionary(request: HttpRequest) -> HttpResponse:
    """The data dictionary, the same for every body."""
    response = HttpResponse(dictionary_file(), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public
def csvm(request: HttpRequest) -> HttpResponse:
    """Where the metadata of a CSV lie (W3C Tabular Data Model, 5.3)."""
    return HttpResponse(CSVM, content_type="text/plain; charset=utf-8")
