"""From “this was not me” about a vote to an annulled ballot: two officials, a reason each, before the box is opened."""

import pytest

from tests import given
from tests.surfaces.ground import VOTING_DAY, Ground, browser, page, prefix
from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.models import Annulment
from viche.ballots.queries import mark_of
from viche.foundation import clock
from viche.identity.models import Objection
from viche.projects.queries import admitted_projects


def at(ground: Ground, path: str) -> str:
    return f"{prefix(ground.poltava)}en/{path}"


def vote(ground: Ground, key: bytes) -> None:
    with clock.at(VOTING_DAY):
        cast_ballot(
            contest=ground.voting, voter=ground.visitors["resident"],
            paper=given.paper(admitted_projects(ground.voting)[0]), channel="online", request_key=key * 32,
        )  # fmt: skip


@pytest.fixture
def denied(ground: Ground) -> str:
    """The resident's vote is denied and the commission has confirmed it; the address that leads on from there."""
    vote(ground, b"1")
    client = browser(ground.visitors["resident"])
    said = {"act": f"vote:{ground.voting.pk}", "text": "Я був у лікарні."}
    assert client.post(at(ground, "my/objections/"), said).status_code == 302
    case = at(ground, f"office/objections/{Objection.objects.get().pk}/")
    commission = browser(ground.visitors["commission"])
    shown = page(commission.post(case, {"act": "uphold", "answer": "Довідка з лікарні."}, follow=True))
    return next(link for link in shown.links if "annulments" in link)


def test_a_denied_vote_goes_into_quarantine_and_another_official_annuls_it(
    ground: Ground, denied: str
) -> None:
    commission = browser(ground.visitors["commission"])
    form = page(commission.get(denied))
    assert "Why must this ballot not count?" in form.text
    assert "Я був" not in form.text
    empty = commission.post(denied, {"act": "propose", "why": "stolen", "text": ""})
    assert empty.status_code == 422
    assert "Give the reason" in page(empty).text
    proposed = {"act": "propose", "why": "stolen", "text": "Виборець був у лікарні."}
    own = page(commission.post(denied, proposed, follow=True))
    assert "in quarantine" in own.text
    assert "another official decides" in own.text
    assert commission.post(denied, proposed).status_code == 409
    case = Annulment.objects.get()
    there = at(ground, f"office/{ground.voting.slug}/annulments/")
    decision = {"case": str(case.pk), f"{case.pk}-answer": "Підтверджено.", "act": "confirm"}
    assert commission.post(there, decision).status_code == 403
    second = browser(ground.visitors["administrator"])
    empty = second.post(there, {**decision, f"{case.pk}-answer": " "})
    assert empty.status_code == 422
    assert "Підтверджено." in page(second.post(there, decision, follow=True)).text
    assert second.post(there, decision).status_code == 409
    case.refresh_from_db()
    assert case.state == Annulment.State.CONFIRMED
    # the person may now cast a ballot of their own
    assert mark_of(ground.voting, ground.visitors["resident"]) is None
    vote(ground, b"2")


def test_an_auditor_reads_and_nobody_else_comes_in(ground: Ground, denied: str) -> None:
    shown = browser(ground.visitors["auditor"]).get(denied)
    assert shown.status_code == 200
    assert b"<form" not in shown.content.partition(b"<main")[2].partition(b"</main>")[0]
    for other in ("operator", "editor", "foreign administrator", "resident"):
        assert browser(ground.visitors[other]).get(denied).status_code == 403, other


@pytest.mark.parametrize("query", ["?mark=none", "?objection=none", f"?objection={'0' * 32}"])
def test_what_names_no_vote_of_this_contest_is_not_found(ground: Ground, query: str) -> None:
    there = at(ground, f"office/{ground.voting.slug}/annulments/{query}")
    assert browser(ground.visitors["commission"]).get(there).status_code == 404


def test_after_the_opening_it_is_too_late_and_the_page_says_so(ground: Ground, denied: str) -> None:
    with clock.at(given.day(62)):
        open_box(contest=ground.voting)
    commission = browser(ground.visitors["commission"])
    assert "too late" in page(commission.get(denied)).text
    answer = commission.post(denied, {"act": "propose", "why": "stolen", "text": "Пізно."})
    assert answer.status_code == 409
    assert not Annulment.objects.exists()
