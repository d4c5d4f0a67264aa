"""The operations. Each parses, calls one action or query, and answers."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from ninja import Header, NinjaAPI, Status
from ninja.errors import HttpError, ValidationError

from viche.api.problems import problem, refusal
from viche.api.signatures import Signed
from viche.api.terminals import schemas
from viche.channels.terminals import actions, queries
from viche.channels.terminals.holding import checked_request
from viche.channels.terminals.models import Partner, Reconciliation, TerminalBallot
from viche.channels.terminals.papers import printed_paper, read_paper
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.points.visits import HANDOVER

VERSION = "1.0"
PREFIX = "api/terminals/v1/"

api = NinjaAPI(
    title="Viche: terminals", version=VERSION, urls_namespace="terminals", docs_url=None, openapi_url=None,
    description="Voting at terminals of banks. Every request is signed; see docs/terminals/api.md.",
)  # fmt: skip

Said = dict[int, Any]
REFUSALS: Said = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503), schemas.Problem)
IdempotencyKey = Header(
    ..., alias="Idempotency-Key", pattern=r"^[A-Za-z0-9._:-]{8,64}$",
    description="Random, made anew for each ballot: the ballot is sealed with it. A repeated request sends it again.",
)  # fmt: skip


def _signed(request: HttpRequest) -> Signed:
    return request.signed  # type: ignore[attr-defined,no-any-return]


def _partner(request: HttpRequest) -> Partner:
    return _signed(request).key.partner


@api.get("partner", response={200: schemas.Greeting, **REFUSALS}, url_name="partner")
def greet(request: HttpRequest) -> Any:
    """Who am I, and what is agreed: a request to try the signature out."""
    partner = _partner(request)
    return {
        "partner": partner.name, "state": partner.state, "method": partner.method,
        "proves": sorted(partner.proves), "quota_minute": partner.quota_minute, "quota_day": partner.quota_day,
        "from_at": partner.from_at, "to_at": partner.to_at, "now": clock.now(),
    }  # fmt: skip


@api.post("contests", response={200: schemas.Contests, **REFUSALS}, url_name="contests")
@sensitive_variables("body", "number")
def contests(request: HttpRequest, body: schemas.Client) -> Any:
    """Contests for a person, each with the answer whether they may vote in it."""
    partner, number = _partner(request), body.tax_number
    actions.identify_voter(partner=partner, number=number)
    return {"contests": [_line(each) for each in queries.contests_for(partner, number)]}


def _line(found: queries.OpenContest) -> dict[str, Any]:
    voting = found.contest.window("voting")
    return {
        "contest": found.contest.slug, "title": found.contest.name, "opens_at": voting and voting.starts_at,
        "closes_at": voting and voting.ends_at, "eligibility": _answer(found.eligibility),
    }  # fmt: skip


def _answer(found: queries.Eligibility) -> dict[str, Any]:
    return {
        "may": found.may, "code": found.code, "message": found.message, "remedy": found.remedy,
        "replaces": found.replaces,
    }  # fmt: skip


@api.post("eligibility", response={200: schemas.Answer, **REFUSALS}, url_name="eligibility")
@sensitive_variables("body")
def eligibility(request: HttpRequest, body: schemas.Question) -> Any:
    """May this person vote in this contest, and if not, why."""
    partner = _partner(request)
    contest = queries.contest_at_terminals(partner, body.contest)
    actions.identify_voter(partner=partner, number=body.tax_number)
    return _answer(queries.eligibility_at_terminal(partner, contest, body.tax_number))


@api.get("contests/{contest:contest}/paper", response={200: schemas.Paper, **REFUSALS}, url_name="paper")
def paper(request: HttpRequest, contest: str) -> Any:
    """The ballot paper: projects, limits in numbers and in words."""
    found = queries.contest_at_terminals(_partner(request), contest)
    printed = printed_paper(found)
    return {
        "contest": found.slug, "title": found.name, "kind": printed.kind, "currency": found.currency,
        "projects": [vars(line) for line in printed.lines], "limits": printed.limits, "words": list(printed.words),
        "can_cancel": found.rules.ballot.cancel, "can_replace": found.rules.ballot.revote,
    }  # fmt: skip


@api.post("ballots", response={201: schemas.Slip, **REFUSALS}, url_name="ballots")
@sensitive_variables("body")
def cast(request: HttpRequest, body: schemas.Ballot, idempotency_key: str = IdempotencyKey) -> Any:
    """Cast a whole ballot. Sent again with the same key and body it answers with the same slip, whatever happened to
    the first answer on its way.
    """
    partner = _partner(request)
    contest = queries.contest_at_terminals(partner, body.contest)
    choices = read_paper(contest, [(each.project, each.value) for each in body.choices])
    receipt = actions.cast_at_terminal(
        partner=partner, contest=contest, number=body.tax_number, paper=choices, request=idempotency_key,
        terminal=body.terminal, body=_signed(request).body,
    )  # fmt: skip
    return Status(201, {
        "reference": receipt.reference, "state": "cast", "at": receipt.at, "commitment": receipt.commitment,
        "nonce": receipt.nonce, "is_repeat": receipt.is_repeat,
    })  # fmt: skip


@api.post("handovers", response={201: schemas.Handover, **REFUSALS}, url_name="handovers")
@sensitive_variables("body")
def hand_over(request: HttpRequest, body: schemas.Handed) -> Any:
    """Hand a client over to a public screen: it opens the address, once, and the client chooses and votes there."""
    partner = _partner(request)
    name = actions.hand_over_client(
        partner=partner, contest=queries.contest_at_terminals(partner, body.contest), number=body.tax_number,
        terminal=body.terminal,
    )  # fmt: skip
    address = request.build_absolute_uri(reverse("kiosk-handover", args=[name]))
    return Status(201, {"address": address, "ends_at": clock.now() + HANDOVER})


@api.get("ballots/{uuid:reference}", response={200: schemas.Status, **REFUSALS}, url_name="ballot")
def status(request: HttpRequest, reference: UUID) -> Any:
    """What became of a ballot, by its reference."""
    found = queries.ballot_of(_partner(request), reference)
    if found is None:
        raise Refused("no_ballot", _("There is no ballot with this reference."), status=404)
    return _status(found)


@api.post("ballots/{uuid:reference}/cancel", response={200: schemas.Status, **REFUSALS}, url_name="cancel")
def cancel(
    request: HttpRequest, reference: UUID, body: schemas.Cancellation, idempotency_key: str = IdempotencyKey
) -> Any:
    """The voter takes the ballot back before the close, where the rules of the contest let them."""
    return _status(
        actions.cancel_at_terminal(
            partner=_partner(request),
            reference=reference,
            request=body.request,
            key=idempotency_key,
            body=_signed(request).body,
        )
    )


def _status(ballot: TerminalBallot) -> dict[str, Any]:
    return {
        "reference": ballot.reference, "contest": ballot.contest.slug, "state": ballot.state, "at": ballot.at,
        "cancelled_at": ballot.cancelled_at,
    }  # fmt: skip


@api.post("reconciliations", response={201: schemas.Comparison, **REFUSALS}, url_name="reconciliations")
def reconcile(request: HttpRequest, body: schemas.Day, idempotency_key: str = IdempotencyKey) -> Any:
    """Compare a day: the partner's totals and references with ours. The answer, signed, is our side of it."""
    signed = _signed(request)
    made = actions.reconcile_day(
        partner=signed.key.partner, day=body.day, totals=body.totals,
        ballots=[actions.Stated(each.reference, each.state) for each in body.ballots], statement=signed.body,
        key=signed.key, request=checked_request(idempotency_key),
    )  # fmt: skip
    return Status(201, _comparison(made))


def _comparison(made: Reconciliation) -> dict[str, Any]:
    return {
        "id": made.pk, "day": made.day, "is_equal": made.is_equal, "ours": made.ours, "theirs": made.theirs,
        "difference": made.difference, "statement": made.statement,
    }  # fmt: skip


# --- what goes wrong ----------------------------------------------------------------------------------------


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Whatever an action refuses."""
    return refusal(error)


@api.exception_handler(ValidationError)
def misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A body that is not what OpenAPI describes. What was sent is not repeated: it may name somebody."""
    errors = {".".join(str(part) for part in each["loc"][1:]): each["msg"] for each in error.errors}
    return problem(
        "bad_request", _("The request is not what the description of the API says."), 422, errors=errors
    )


@api.exception_handler(HttpError)
def broken(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON, a method that is none of the operation's."""
    return problem("bad_request", _("The request cannot be read."), error.status_code)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem("not_found", _("There is nothing at this address."), 404)


@api.exception_handler(Exception)
def fallen(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing of ours: the guard says what it is (api.guards)."""
    raise error


def openapi(request: HttpRequest) -> HttpResponse:
    """The description of this API, for programs."""
    document = api.get_openapi_schema(path_prefix=f"{request.place.prefix}{PREFIX}")  # type: ignore[attr-defined]
    document["info"]["contact"] = {"url": settings.SOURCE_URL} if settings.SOURCE_URL else {}
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})
