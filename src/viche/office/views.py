"""The officials' pages: the desk, one contest, one review, memberships."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.ballots import actions as ballots
from viche.ballots.queries import box_of
from viche.communities.queries import areas_of
from viche.contests.actions import warnings_before_freeze
from viche.contests.models import Contest
from viche.contests.queries import contests_of
from viche.foundation.refused import Refused
from viche.identity.actions import grant_membership, person_by_number
from viche.identity.models import Role
from viche.identity.queries import granted_memberships
from viche.office.forms import FreezeForm, MembershipForm, TieForm, VerdictForm
from viche.portal.contest_page import category_names, class_names, contest_facts, rules_in_words
from viche.portal.guards import in_contest, in_project, official
from viche.projects.models import Project, State
from viche.results.actions import (
    certify_result,
    decide_tie,
    issues_before_publication,
    publish_result,
    run_count,
)
from viche.results.models import Count
from viche.results.queries import certifications_of, latest_count, tie_decisions
from viche.results.wording import Telling
from viche.review.actions import decide_review
from viche.review.queries import waiting_projects


@official()
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me: contests with their stage and what is to be done in each."""
    community = request.place.community  # type: ignore[attr-defined]
    rows = []
    for contest in contests_of(community):
        facts = contest_facts(contest)
        rows.append({**facts, "waiting": waiting_projects(contest).count(), "is_frozen": contest.is_frozen})
    return render(request, "office/desk.html", {"rows": rows})


@official()
@in_contest
def contest(request: HttpRequest, contest: Contest) -> HttpResponse:
    """One contest for its officials: what is done, what is next, and why a step is not possible yet."""
    form = FreezeForm(request.POST if request.POST.get("act") == "freeze" else None)
    count = latest_count(contest)
    tie_rows = Telling(count).tie_rows(tie_decisions(contest)) if count else []
    ties = _open_ties(request, [row for row in tie_rows if row["is_open"]])
    if request.method == "POST":
        done = (
            _decide(request, ties, count)
            if request.POST.get("act") == "decide"
            else _act(request, contest, form)
        )
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("office-contest", args=[contest.slug]))
    published = getattr(contest, "publication", None)
    return render(
        request,
        "office/contest.html",
        {
            **contest_facts(contest),
            "rules": rules_in_words(contest),
            "form": form,
            "freeze_warnings": [] if contest.is_frozen else warnings_before_freeze(contest),
            "freeze_issues": [] if contest.is_frozen else ballots.issues_before_voting(contest),
            "box": box_of(contest),
            "has_voting_ended": contest.has_ended("voting"),
            "count": count,
            "certifications": certifications_of(count) if count else [],
            "publication": published,
            "publication_issues": issues_before_publication(count) if count and published is None else [],
            "waiting": list(waiting_projects(contest)),
            "ties": ties,
            "decided_ties": [row for row in tie_rows if not row["is_open"]],
            "undecided": Telling(count).undecided_projects() if count and ties else [],
        },
        status=422 if form.errors or any(tie["form"].errors for tie in ties) else 200,
    )


def _open_ties(request: HttpRequest, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The open ties of a count, each with its form; the one that was sent holds what was typed."""
    sent = request.POST.get("tie") if request.POST.get("act") == "decide" else None
    found = []
    for index, row in enumerate(rows):
        name = f"tie-{index}"
        projects = [
            (each["project"].code, f"№ {each['project'].number}: {each['project'].title}")
            for each in row["projects"]
        ]
        form = TieForm(request.POST if sent == name else None, prefix=name, projects=projects)
        found.append({**row, "name": name, "form": form})
    return found


def _decide(request: HttpRequest, ties: list[dict[str, Any]], count: Count | None) -> str:
    """Record the commission's decision of a tie; empty where its form has faults."""
    form = next((tie["form"] for tie in ties if tie["form"].is_bound), None)
    # the number of the count stands in the form: a page that was open for long must not decide another tie
    if count is None or form is None or request.POST.get("count") != str(count.number):
        raise Refused(
            "not_latest", _("The ballots were counted again meanwhile: look at the latest count first.")
        )
    if not form.is_valid():
        return ""
    try:
        decide_tie(
            count=count, order=form.order, protocol=form.cleaned_data["protocol"], note=form.cleaned_data["note"],
            by=request.visitor.actor(),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        if refused.status != 422:
            raise
        for name, message in (refused.fields or {"": refused.message}).items():
            form.add_error(name if name in form.fields else None, message)
        return ""
    return _("The decision is recorded and the ballots are counted again with it.")


def _act(request: HttpRequest, contest: Contest, form: FreezeForm) -> str:
    """Do the act that was pressed; returns what to say, empty where the form has faults."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    if act == "freeze":
        if not form.is_valid():
            return ""
        ballots.prepare_voting(contest=contest, decision=form.cleaned_data["decision"], by=by)
        return _("The rules are frozen and the ballot box is ready.")
    if act == "count":
        ballots.open_box(contest=contest, by=by)
        run_count(contest=contest, by=by)
        return _("The box is opened and the ballots are counted.")
    count = latest_count(contest)
    if count is None or act not in {"certify", "publish"}:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    if act == "certify":
        certify_result(count=count, by=by)
        return _("You have certified the count.")
    publish_result(count=count, by=by)
    return _("The result is published.")


@official(Role.COMMISSION)
@in_contest
@in_project
def review(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Decide about one project."""
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_review(
                project=project, verdict=request.POST.get("verdict", ""), reason=form.cleaned_data["reason"],
                by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, _("Decided: project No. %d.") % project.number)
            return HttpResponseRedirect(reverse("office-contest", args=[contest.slug]))
        except Refused as refused:
            for name, message in refused.fields.items():
                form.add_error(name if name in form.fields else None, message)
            if not refused.fields:
                form.add_error(None, refused.message)
    return render(
        request,
        "office/review.html",
        {
            "contest": contest, "project": project, "form": form, "is_waiting": project.state == State.SUBMITTED,
            "category": category_names(contest).get(project.category, ""),
            "size_class": class_names(contest).get(project.size_class, ""),
            "pictures": list(project.pictures.all()),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@official(Role.OPERATOR, Role.ADMINISTRATOR)
def members(request: HttpRequest) -> HttpResponse:
    """Confirm a membership by a document; what was confirmed lately."""
    community = request.place.community  # type: ignore[attr-defined]
    form = MembershipForm(request.POST or None, areas=areas_of(community.territory))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        person = person_by_number(tax_number=data["tax_number"])
        if person is None:
            form.add_error(
                "tax_number",
                _("Nobody with this number has identified here yet: ask the person to do so first."),
            )
        else:
            try:
                grant_membership(
                    person=person, territory=form.areas[data["territory"]], basis=data["basis"],
                    document_reference=data["document_reference"], community=community,
                    by=request.visitor.actor(),  # type: ignore[attr-defined]
                )  # fmt: skip
                messages.success(request, _("The membership is confirmed."))
                return HttpResponseRedirect(reverse("office-members"))
            except Refused as refused:
                form.add_error(None, refused.message)
    return render(
        request,
        "office/members.html",
        {"form": form, "latest": granted_memberships(community)},
        status=422 if form.errors else 200,
    )
