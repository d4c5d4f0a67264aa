"""The page of one project, put together from sections: each knows its own reads and its own template.

A section is shown where its ``build`` returns something; MAIN stand one under the other beside the column of ASIDE.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from viche.contests.models import Contest
from viche.portal.project_page import authors, basics, commission, content, following
from viche.portal.project_page.delivery import delivery
from viche.portal.project_page.money import letters, payments
from viche.portal.project_page.review import review
from viche.portal.project_page.support import support
from viche.portal.project_page.talk import news, talk
from viche.projects.models import Project

Shown = Mapping[str, Any]
Build = Callable[[HttpRequest, Contest, Project], Shown | None]


@dataclass(frozen=True)
class Section:
    """template: what it looks like, with ``section`` as its data; build: the data, None where it is left out."""

    template: str
    build: Build


MAIN = (
    Section("portal/project/delivery.html", delivery),
    Section("portal/project/payments.html", payments),
    Section("portal/project/estimate.html", basics.estimate),
    Section("portal/project/place.html", basics.place),
    Section("portal/project/review.html", review),
    Section("portal/project/answers.html", content.answers),
    Section("portal/project/documents.html", content.documents),
    Section("portal/project/commission.html", commission.commission),
    Section("portal/project/news.html", news),
    Section("portal/project/talk.html", talk),
    Section("portal/project/history.html", basics.history),
    Section("portal/project/versions.html", authors.versions),
)
ASIDE = (
    Section("portal/project/support.html", support),
    Section("portal/project/facts.html", basics.facts),
    Section("portal/project/own.html", content.own),
    Section("portal/project/print.html", authors.paper),
    Section("portal/project/result.html", basics.result),
    Section("portal/project/letters.html", letters),
    Section("portal/follow.html", following.follow),
)


def sections(
    request: HttpRequest, contest: Contest, project: Project, listed: tuple[Section, ...]
) -> list[dict[str, Any]]:
    """The sections that have something to show, for the template."""
    found = []
    for section in listed:
        shown = section.build(request, contest, project)
        if shown is not None:
            found.append({"template": section.template, "shown": shown})
    return found
