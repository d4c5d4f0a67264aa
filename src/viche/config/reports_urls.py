"""URLs of reports.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.portal.views import figures

platform_machines: list[URLPattern | URLResolver] = []

platform_pages: list[URLPattern | URLResolver] = []

community_machines: list[URLPattern | URLResolver] = []

community_pages: list[URLPattern | URLResolver] = [
    path("<contest:contest>/figures/", figures.figures, name="figures"),
    path("<contest:contest>/figures.json", figures.figures_document, name="figures-document"),
    path("<contest:contest>/figures/<slug:name>/", figures.figure, name="figure"),
    *(
        path(
            f"<contest:contest>/figures/<slug:name>.{kind}",
            figures.figure_file,
            {"kind": kind},
            name=f"figure-{kind}",
        )
        for kind in ("csv", "json", "svg", "xlsx", "pdf")
    ),
    *(
        path(
            f"<contest:contest>/figures.{kind}", figures.figures_file, {"kind": kind}, name=f"figures-{kind}"
        )
        for kind in ("xlsx", "pdf")
    ),
]
