"""URLs of reports.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.office.views import designer
from viche.portal.views import designed, figures

platform_machines: list[URLPattern | URLResolver] = []

platform_pages: list[URLPattern | URLResolver] = []

community_machines: list[URLPattern | URLResolver] = []

community_pages: list[URLPattern | URLResolver] = [
    path("office/figures/", designer.designs, name="office-designs"),
    path("office/figures/new/", designer.new_design, name="office-design-new"),
    path("office/figures/<uuid:reference>/", designer.design, name="office-design"),
    path(
        "office/figures/<uuid:reference>/schedule/", designer.design_schedule, name="office-design-schedule"
    ),
    path("office/figures/<uuid:reference>/delete/", designer.delete_design, name="office-design-delete"),
    path("figures/", designed.designed, name="designed"),
    path("figures/letters/<slug:name>/", designed.end_letters, name="designed-letters-end"),
    path("figures/<slug:name>/", designed.designed_figure, name="designed-figure"),
    *(
        path(f"figures/<slug:name>.{kind}", designed.designed_file, {"kind": kind}, name=f"designed-{kind}")
        for kind in ("csv", "json", "svg", "xlsx")
    ),
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
        for kind in ("csv", "json", "svg")
    ),
]
