"""The result as a page of somebody else's site: clean HTML that takes the site's own look, and the same as JSON."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.results.queries import publication_of
from viche.results.wording import Telling

FORMAT = "viche-result/1"


@dataclass(frozen=True)
class ResultPage:
    """slug: the page's address on the other site, always the same for a contest. html: without head and styles, of a
    template, and so safe as it is.
    """

    slug: str
    title: str
    html: SafeString
    document: dict[str, Any]

    @property
    def whole(self) -> str:
        """A page of its own."""
        return render_to_string("website/result_whole.html", {"page": self})


def result_page(contest: Contest, site: str) -> ResultPage:
    """What is pushed of a contest whose result is published. site: our address of the body, with a stroke at its end.

    Raises LookupError where the result is not published.
    """
    published = publication_of(contest)
    if published is None:
        raise LookupError(contest.pk)
    with translation.override("uk"):
        telling, pots = Telling(published.count), []
        for pot in telling.pot_rows():
            rows = [
                {
                    "rank": place.rank, "number": project.number, "title": project.title,
                    "address": f"{site}{contest.slug}/projects/{project.number}/", "cost": place.cost,
                    "score": place.score, "is_funded": place.is_funded, "picture": _picture(project, site),
                }
                for place, project in pot["places"]
            ]  # fmt: skip
            pots.append(
                {"title": str(pot["name"]), "amount": pot["amount"], "spent": pot["spent"], "projects": rows}
            )
        document = {
            "format": FORMAT, "community": contest.community.code, "contest": contest.slug,
            "title": contest.name, "currency": contest.currency, "rule": published.count.rule,
            "voters": published.count.outcome["voters"], "published_at": published.published_at.isoformat(),
            "outcome_sha256": published.count.outcome_digest, "pots": pots,
            "results": f"{site}{contest.slug}/results/", "verify": f"{site}{contest.slug}/record/",
            "english": f"{site}en/{contest.slug}/results/",
        }  # fmt: skip
        funded = [row for pot in pots for row in pot["projects"] if row["is_funded"]]
        html = render_to_string(
            "website/result.html",
            {
                "document": document, "pots": pots, "funded": len(funded), "published_at": published.published_at,
                "picture": next((row for row in funded if row["picture"]), None),
            },
        )  # fmt: skip
        title = _("Results: %(name)s") % {"name": contest.name}
    return ResultPage(f"viche-{contest.slug}", title, html, document)


def _picture(project: Any, site: str) -> str:
    cover = project.cover
    if cover is None:
        return ""
    host = "/".join(site.split("/")[:3])
    return f"{host}{cover.image.url}"
