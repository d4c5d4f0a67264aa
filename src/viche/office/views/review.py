"""The commission decides about one project."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.office.forms.review import VerdictForm
from viche.portal.contest_page import category_names, class_names
from viche.portal.guards import in_contest, in_project, official
from viche.portal.project_page.content import content_of_page
from viche.projects.models import Project, State
from viche.review.actions import decide_review


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
            "contest": contest, "project": project, "form": form, "is_waiting": project.state == State.IN_REVIEW,
            "category": category_names(contest).get(project.category, ""),
            "size_class": class_names(contest).get(project.size_class, ""),
            "pictures": list(project.pictures.all()),
            "content": content_of_page(contest, project, is_official=True),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
