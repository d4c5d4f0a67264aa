"""Widgets: pages made to be framed by any site. No cookie, no script needed, never an error in somebody's page."""

from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.connectors.website.element import element_of
from viche.connectors.website.thumbnails import thumbnail_of
from viche.foundation import clock
from viche.foundation.colours import brand_stylesheet
from viche.portal.contest_page import contest_url
from viche.portal.framing import COLOUR, framed, shared
from viche.portal.guards import public
from viche.portal.widgets import KINDS, Nothing, asked_of, contest_for

YEAR = 365 * 24 * 3600
# how long a drawn widget serves all who ask for it
KEPT = 30


@public
@framed
def widget(request: HttpRequest, name: str) -> HttpResponse:
    """One widget of the body, by the address alone. Drawn once in half a minute however many look."""
    contest = request.GET.get("contest", "").replace("\x00", "")[:60]
    # only what is understood makes another picture: whatever else stands in the address does not
    asked = f"{name}|{contest}|{asked_of(request.GET)}|{request.look}|{get_language()}"  # type: ignore[attr-defined]
    said = f"{request.place.prefix}|{request.get_host()}|{asked}"  # type: ignore[attr-defined]
    community = request.place.community  # type: ignore[attr-defined]
    moment = int(clock.now().timestamp()) // KEPT
    key = f"widget:{community.pk}:{moment}:{salted_hmac('widget', said).hexdigest()}"
    text = cache.get(key)
    if text is None:
        text = _drawn(request, name)
        cache.set(key, text, KEPT)
    return HttpResponse(text)


def _drawn(request: HttpRequest, name: str) -> str:
    community = request.place.community  # type: ignore[attr-defined]
    kind = KINDS.get(name)
    shown = {"community": community, "look": request.look, "kind": name}  # type: ignore[attr-defined]
    try:
        if kind is None:
            raise Nothing(_("There is no such widget."))
        contest = contest_for(community, request.GET.get("contest", "").replace("\x00", "")[:60], name)
        shown |= {"contest": contest, **kind.build(contest, asked_of(request.GET))}
        return render_to_string(f"portal/widgets/{name}.html", shown, request)
    except Nothing as nothing:
        found = nothing.contest
        title = found.name if found else _("Participatory budget")
        href = contest_url(found) if found else ""
        return render_to_string(
            "portal/widgets/nothing.html",
            {**shown, "contest": found, "title": title, "href": href, "text": nothing.text}, request,
        )  # fmt: skip


@public
def accent(request: HttpRequest, name: str) -> HttpResponse:
    """A colour as a stylesheet, made readable: the content policy allows no inline style."""
    if COLOUR.fullmatch(name) is None:
        raise Http404(name)
    response = HttpResponse(brand_stylesheet(f"#{name.lower()}"), content_type="text/css; charset=utf-8")
    return shared(request, response, YEAR)


@public
def element(request: HttpRequest, name: str) -> HttpResponse:
    """The custom element. A version never changes: pages elsewhere name its hash."""
    found = element_of(int(name)) if name.isascii() and name.isdecimal() and len(name) < 4 else None
    if found is None:
        raise Http404(name)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        found.packed if packed else found.content, content_type="text/javascript; charset=utf-8"
    )
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response = shared(request, response, YEAR)
    response["Cache-Control"] += ", immutable"
    return response


@public
def thumbnail(request: HttpRequest, reference: UUID) -> HttpResponse:
    """A project's picture as small as a card needs it."""
    found = thumbnail_of(request.place.community, reference)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(str(reference))
    return shared(request, HttpResponse(found, content_type="image/webp"), 24 * 3600)
