"""Receipts: one's own, and what is found by a code."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from viche.channels.booth.page import steps
from viche.contests.models import Contest
from viche.portal.contest_page import contest_url
from viche.portal.guards import in_contest, public
from viche.portal.journal_page import code_in
from viche.portal.qr import qr_svg
from viche.portal.receipt_page import finding_of, own_receipt, place_words, receipt_lines, receipt_words


def _shown(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


@public
@in_contest
def receipt(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The receipt, from this browser's short-lived cookie: the server keeps neither the nonce nor the choices."""
    own = own_receipt(request, contest)
    if own is None:
        response = HttpResponseRedirect(contest_url(contest, "check"))
        response["Cache-Control"] = "no-store"
        return response
    address = request.build_absolute_uri(f"{contest_url(contest, 'check')}?code={own.code}")
    return _shown(
        request, "portal/receipt.html",
        {
            "contest": contest, "steps": steps(contest.rules.ballot.kind, "done"), "own": own, "code": own.code,
            "choices": own.choices, "lines": receipt_lines(contest, own), "place_of": place_words(own.entry),
            "words": receipt_words(), "qr_svg": qr_svg(address),
        },
    )  # fmt: skip


@public
@in_contest
def check(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Find a receipt: among the openings once the result is published, in the journal once the voting has ended; before
    that only its owner is told, in the browser that cast the ballot.
    """
    code = code_in(request.GET)
    found = finding_of(contest, code) if code else None
    own = own_receipt(request, contest) if found is not None and found.kind == "early" else None
    is_own = own is not None and own.code.startswith(code)
    return _shown(
        request, "portal/check.html",
        {
            "contest": contest, "code": code, "found": found, "own": own if is_own else None, "words": receipt_words(),
            "place_of": place_words(own.entry if own is not None and is_own else found.entry if found else None),
        },
    )  # fmt: skip
