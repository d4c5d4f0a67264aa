"""The public figures and the issued official reports: what pages show, under their hash."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import override

from viche.api.v1 import documents, schemas
from viche.api.v1.core import reads, tagged
from viche.api.v1.documents import Document
from viche.api.v1.finding import community_of, contest_of
from viche.communities.queries import region_at
from viche.reports.across import bodies_of, years_of
from viche.reports.figure import Figure
from viche.reports.official.queries import public_reports
from viche.reports.queries import figure_of, figures_of

LANGUAGES = ("uk", "en")


def _told(read: Callable[[], Figure | None]) -> dict[str, Figure] | None:
    """A figure by language; None where there is none."""
    found: dict[str, Figure] = {}
    for language in LANGUAGES:
        with override(language):
            figure = read()
        if figure is None:
            return None
        found[language] = figure
    return found


def _in_both(told: dict[str, Figure]) -> Document:
    """The document of a figure, each of its words in both languages."""
    written = {}
    for language, figure in told.items():
        with override(language):
            written[language] = figure.document()
    return {**_merged([written[language] for language in LANGUAGES]), "sha256": told["uk"].digest}


def _merged(both: Sequence[Document]) -> Document:
    uk, en = both
    english = {row["key"]: row["label"] for row in en["rows"]}

    def words(here: Any, there: Any) -> dict[str, Any]:
        return {"uk": here, "en": there}

    return {
        "key": uk["key"], "title": words(uk["title"], en["title"]), "about": words(uk["about"], en["about"]),
        "as_of": uk["as_of"], "currency": uk["currency"], "heading": words(uk["heading"], en["heading"]),
        "columns": [
            {**here, "title": words(here["title"], there["title"])}
            for here, there in zip(uk["columns"], en["columns"], strict=True)
        ],
        "rows": [
            {**here, "label": words(here["label"], english.get(here["key"], here["label"]))}
            for here in uk["rows"]
        ],
        "total": uk["total"],
        "notes": [words(here, there) for here, there in zip(uk["notes"], en["notes"], strict=True)],
    }  # fmt: skip


CONTEST = "communities/{str:community}/contests/{str:contest}"


@reads(f"{CONTEST}/figures", schemas.Figures, name="figures", tag="figures")
def figures(request: HttpRequest, community: str, contest: str) -> Any:
    """The figures of a contest that the regulation shows by now, each with its hash."""
    found = contest_of(community_of(community), contest)
    told = {}
    for language in LANGUAGES:
        with override(language):
            told[language] = figures_of(found)
    return {
        "items": [
            {
                "key": uk.key, "title": {"uk": uk.title, "en": en.title}, "about": {"uk": uk.about, "en": en.about},
                "as_of": uk.as_of, "sha256": uk.digest,
                "href": documents.contest_href(request, found, "figures", uk.key),
                "page": documents.page_url(request, found.community, "figure", found.slug, uk.key),
            }
            for uk, en in zip(told["uk"], told["en"], strict=True)
        ],
        "archive": documents.page_url(request, found.community, "contest-research-archive", found.slug),
    }  # fmt: skip


@reads(f"{CONTEST}/figures/{{str:key}}", schemas.Figure, name="figure", tag="figures")
def figure(request: HttpRequest, community: str, contest: str, key: str) -> Any:
    """One figure: what was counted, its words, its hash."""
    found = contest_of(community_of(community), contest)
    told = _told(lambda: figure_of(found, key))
    if told is None:
        raise Http404(key)
    page = documents.page_url(request, found.community, "figure", found.slug, key)
    return tagged(request, {**_in_both(told), "page": page})


@reads(f"{CONTEST}/official-reports", schemas.OfficialReports, name="official_reports", tag="figures")
def official_reports(request: HttpRequest, community: str, contest: str) -> Any:
    """The issued reports of a contest that everybody may read, the latest first, with the hash of every file."""
    found = contest_of(community_of(community), contest)
    return {
        "items": [
            {
                "number": each.our_number, "kind": each.kind, "title": each.title, "language": each.language,
                "author": each.office, "made_at": each.made_at, "sha256": each.digest,
                "withdrawn_at": each.withdrawn_at, "reason": each.reason,
                "files": [
                    {
                        "form": file.form, "name": file.file_name, "size": file.size, "sha256": file.digest,
                        "signer": file.signer, "signed_at": file.signed_at,
                        "href": None if each.withdrawn_at else documents.page_url(
                            request, found.community, "report-file", found.slug, file.pk
                        ),
                    }
                    for file in each.files.all()
                ],
            }
            for each in public_reports(found)
        ],
    }  # fmt: skip


@reads("communities/{str:community}/years", schemas.Figure, name="years", tag="figures")
def years(request: HttpRequest, community: str) -> Any:
    """The contests of a body side by side; rows are contests."""
    body = community_of(community)
    told = _told(lambda: years_of(body))
    if told is None:
        raise Http404(community)
    return tagged(request, {**_in_both(told), "page": documents.page_url(request, body, "home")})


@reads("regions/{str:code}", schemas.Figure, name="region", tag="figures")
def region(request: HttpRequest, code: str) -> Any:
    """The bodies of a region side by side, in the order of their names; rows are bodies."""
    territory = region_at(code)
    told = _told(lambda: bodies_of(territory)) if territory is not None else None
    if told is None:
        raise Http404(code)
    with override("uk"):
        page = request.build_absolute_uri(reverse("bodies-region", args=[code], urlconf="viche.config.urls"))
    return tagged(request, {**_in_both(told), "page": page})
