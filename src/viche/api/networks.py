"""Where terminal networks knock: one view for all dialects; what is said is read and written by the dialect."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from viche.channels.terminals.actions import TooMany, record_request
from viche.channels.terminals.networks.dialects import DIALECTS, Dialect
from viche.channels.terminals.networks.door import answer_terminal
from viche.channels.terminals.networks.models import NetworkWay
from viche.channels.terminals.networks.queries import is_from, way_at
from viche.channels.terminals.networks.reading import LONGEST
from viche.channels.terminals.networks.speech import Answered, Asked, Misread, Outcome
from viche.portal.guards import public
from viche.portal.views.contact import client_address


@csrf_exempt
@public
def network(request: HttpRequest, dialect: str, path: str) -> HttpResponse:
    """One request of a terminal. The secret address says whose it is, its IP address that it is theirs."""
    known = DIALECTS.get(dialect)
    way = way_at(request.place.community, dialect, path) if known else None  # type: ignore[attr-defined]
    if known is None or way is None:
        raise Http404("no such way")
    # terminals of Ukraine show what they are told to whoever stands before them
    with translation.override("uk"):
        asked, answered = _answer(request, known, way)
    response = HttpResponse(known.write(asked, answered), content_type=known.content_type)
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, dialect: Dialect, way: NetworkWay) -> tuple[Asked | None, Answered]:
    try:
        asked = _read(request, dialect)
    except Misread as fault:
        refusal = _unread(fault) if is_from(way, client_address(request)) else _foreign()
        return fault.asked, refusal
    if not is_from(way, client_address(request)):
        return asked, _foreign()
    if way.state != NetworkWay.State.OPEN:
        return asked, Answered(Outcome.FORBIDDEN, _("This way to vote is stopped. Vote another way."))
    try:
        record_request(partner=way.partner)
    except TooMany as refused:
        return asked, Answered(Outcome.LATER, str(refused.message))
    return asked, answer_terminal(way=way, asked=asked)


def _read(request: HttpRequest, dialect: Dialect) -> Asked:
    """What is asked. Misread: also another method of HTTP than the dialect's, and a body too long."""
    if request.method != dialect.method or int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
        raise Misread(Outcome.UNREADABLE)
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    return dialect.read(
        query, request.body if dialect.method == "POST" else b"", request.META.get("CONTENT_TYPE", "")
    )


def _foreign() -> Answered:
    return Answered(Outcome.ADDRESS, _("This address is not one of the network’s."))


def _unread(fault: Misread) -> Answered:
    said = {
        Outcome.BAD_SUM: _("The sum is not understood."),
        Outcome.BAD_DATE: _("The date is not understood."),
        Outcome.NO_PAYMENT: _("There is no such payment."),
    }
    return Answered(fault.outcome, said.get(fault.outcome, _("The request is not understood.")))
