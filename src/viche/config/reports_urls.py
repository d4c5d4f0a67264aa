"""URLs of reports.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.office.views import designer
from viche.office.views import official_reports as office_reports
from viche.portal.views import across, designed, figures, official_reports

platform_machines: list[URLPattern | URLResolver] = []

platform_pages: list[URLPattern | URLResolver] = [
    path("regions/", across.regions, name="regions"),
    path("regions/<str:name>/", across.region, name="region-figures"),
    *(
        path(
            f"regions/<str:name>/{of}.{kind}",
            across.region_file,
            {"of": of, "kind": kind},
            name=f"region-{of}-{kind}",
        )
        for of, kinds in (("parts", ("csv", "json", "xlsx", "svg")), ("bodies", ("csv", "json", "xlsx")))
        for kind in kinds
    ),
]

community_machines: list[URLPattern | URLResolver] = []

community_pages: list[URLPattern | URLResolver] = [
    path("years/", across.years, name="years"),
    path("compared/", across.compared_page, name="compared"),
    *(
        path(f"{of}.{kind}", view, {"kind": kind}, name=f"{of}-{kind}")
        for of, view in (("years", across.years_file), ("compared", across.compared_file))
        for kind in ("csv", "json", "xlsx", "svg")
    ),
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
        for kind in ("csv", "json", "svg", "xlsx", "pdf")
    ),
    *(
        path(
            f"<contest:contest>/figures.{kind}", figures.figures_file, {"kind": kind}, name=f"figures-{kind}"
        )
        for kind in ("xlsx", "pdf")
    ),
    path("reports/check/", official_reports.check, name="report-check"),
    path("<contest:contest>/reports/", official_reports.reports, name="reports"),
    path("<contest:contest>/reports/<uuid:reference>/", official_reports.report_file, name="report-file"),
    path("office/reports/", office_reports.reports, name="office-reports"),
    path("office/reports/letterhead/", office_reports.letterhead, name="office-letterhead"),
    path("office/reports/<uuid:reference>/", office_reports.report, name="office-report"),
    path("office/reports/files/<uuid:reference>/", office_reports.report_file, name="office-report-file"),
]
