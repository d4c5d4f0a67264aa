"""What the review asks of an author, and the documents of opinions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.foundation import private_files
from viche.foundation.fields import whole_number
from viche.foundation.refused import Refused
from viche.portal.contest_page import contest_url
from viche.portal.forms_review import AnswerForm, MergeForm, ReplyForm, uploads_of
from viche.portal.guards import identified, in_contest, in_project, public
from viche.portal.versions_page import documents_shown
from viche.projects.actions.moves import is_written_by
from viche.projects.models import Project, State
from viche.projects.queries import project_numbered
from viche.projects.versions import content_of
from viche.review import actions, queries
from viche.review.models.opinions import SHELF


@identified
@in_contest
@in_project
def answer(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Everything the review asks of the author, each with its answer: changes, conditions, questions, corrections."""
    visitor = request.visitor  # type: ignore[attr-defined]
    project.contest = contest
    if not is_written_by(project, visitor.person.pk):
        raise Refused("not_author", _("Only the author of the project answers here."), status=403)
    act = request.POST.get("act", "")
    forms = {
        "reply": ReplyForm(request.POST if act in {"submit", "decline", "accept", "refuse"} else None),
        "answer": AnswerForm(*((request.POST, request.FILES) if act == "answer" else ())),
        "merge": MergeForm(request.POST if act == "merge" else None),
    }
    if request.method == "POST" and _do(request, project, act, forms):
        return HttpResponseRedirect(contest_url(contest, "project-review", project.number))
    asked = queries.asked_of_author(project)
    return render(
        request,
        "portal/review_answer.html",
        {
            "contest": contest, "project": project, "asked": asked, "forms": forms,
            "is_conditional": project.state == State.CONDITIONAL,
            "questions": [each for each in queries.questions_about(project) if each.answered_at is None],
            "corrections": _corrections(project),
            "can_edit": queries.can_be_edited(project),
            "offers": list(queries.merge_offers(project)),
            "can_merge": project.state in {State.SIGNING, State.IN_REVIEW, State.RETURNED, State.CONDITIONAL},
        },
        status=422 if any(form.errors for form in forms.values()) else 200,
    )  # fmt: skip


def _corrections(project: Project) -> list[dict[str, Any]]:
    """What reviewers propose, each as the differences it makes to the author's words."""
    now = content_of(project)
    return [
        {
            "row": each,
            "shown": documents_shown(project.contest, now, content_of(queries.corrected(project, each))),
        }
        for each in queries.open_corrections(project)
    ]


def _do(request: HttpRequest, project: Project, act: str, forms: dict[str, Any]) -> bool:
    """Do what was pressed; False where its form has faults."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    form = forms["answer" if act == "answer" else "merge" if act == "merge" else "reply"]
    try:
        if act in {"submit", "decline", "accept", "refuse"}:
            return form.is_valid() and _reply(request, project, act, form.cleaned_data["text"], by)
        if act == "answer":
            if not form.is_valid():
                return False
            said = form.cleaned_data
            files = uploads_of(form)
            actions.answer_question(
                project=project, question=said["question"], text=said["text"], files=files, by=by
            )
            messages.success(request, _("Your answer is published."))
            return True
        if act in {"apply", "leave"}:
            reference = _uuid(request.POST.get("row", ""))
            actions.apply_correction(
                project=project, correction=reference, agrees=act == "apply",
                revision=whole_number(request.POST.get("revision")), by=by,
            )  # fmt: skip
            messages.success(request, _("Taken over.") if act == "apply" else _("Left as it was."))
            return True
        return _merge(request, project, act, forms["merge"], by)
    except Refused as refused:
        if refused.status == 403 or not form.is_bound:
            raise
        if "reason" in refused.fields:
            refused.fields = {"text": refused.fields["reason"]}
        form.refuse(refused)
        return False


def _reply(request: HttpRequest, project: Project, act: str, text: str, by: Any) -> bool:
    if act == "submit":
        actions.submit_correction(project=project, text=text, by=by)
        messages.success(request, _("The project is submitted again."))
    elif act == "decline":
        actions.decline_return(project=project, reason=text, by=by)
        messages.success(request, _("Your answer is published."))
    else:
        actions.answer_conditions(project=project, agrees=act == "accept", reason=text, by=by)
        messages.success(request, _("Your answer is published."))
    return True


def _merge(request: HttpRequest, project: Project, act: str, form: MergeForm, by: Any) -> bool:
    if act == "merge":
        if not form.is_valid():
            return False
        into = project_numbered(project.contest, form.cleaned_data["into"])
        if into is None:
            message = _("There is no such project in this contest.")
            raise Refused("no_project", message, fields={"into": message}, status=422)
        into.contest = project.contest
        actions.propose_merge(project=project, into=into, note=form.cleaned_data["note"], by=by)
        messages.success(request, _("The other author is asked."))
        return True
    if act not in {"join", "keep"}:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    offer = next(
        (each for each in queries.merge_offers(project) if str(each.pk) == request.POST.get("row")), None
    )
    if offer is None:
        raise Refused("gone", _("This offer is answered already."))
    actions.answer_merge(offer=offer, agrees=act == "join", by=by)
    messages.success(request, _("The projects are merged.") if act == "join" else _("They stay apart."))
    return True


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("gone", _("These corrections are answered already.")) from None


@public
@in_contest
def opinion_file(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """A document of a signed opinion, a question or an answer, as a download; of a draft for officials only."""
    opinion = queries.opinion_file(contest, reference)
    is_official = bool(request.visitor.roles)  # type: ignore[attr-defined]
    if opinion is not None and opinion.opinion.given_at is None and not is_official:
        raise Http404(reference)
    found = opinion or queries.question_file(contest, reference)
    content = private_files.content_of(found.pk, shelf=SHELF) if found is not None else None
    if found is None or content is None:
        raise Http404(reference)
    response = HttpResponse(content, content_type="application/octet-stream")
    named = content_disposition_header(as_attachment=True, filename=found.name)
    response["Content-Disposition"] = named or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
