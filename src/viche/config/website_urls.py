"""URLs of the body's own website: widgets, feeds, pictures, static copies.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.office.views import widgets as office_widgets
from viche.portal.views import feeds, pictures, widgets

# at every host: of the platform, of a body
everywhere: list[URLPattern | URLResolver] = [
    path("oembed", feeds.oembed, name="oembed"),
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-pages.xml", feeds.sitemap_pages, name="sitemap-pages"),
]

platform_machines: list[URLPattern | URLResolver] = [
    *everywhere,
    path("widgets/viche-widget-<slug:name>.js", widgets.element, name="widget-element"),
]

platform_pages: list[URLPattern | URLResolver] = []

community_machines: list[URLPattern | URLResolver] = [
    *everywhere,
    path("sitemap-<contest:contest>.xml", feeds.sitemap_contest, name="sitemap-contest"),
    *(
        path(f"feeds/<slug:name>.{kind}", feeds.feed, {"kind": kind}, name=f"feed-{kind}")
        for kind in ("rss", "atom", "json")
    ),
    *(
        path(
            f"feeds/<contest:contest>/<slug:name>.{kind}",
            feeds.contest_feed,
            {"kind": kind},
            name=f"contest-feed-{kind}",
        )
        for kind in ("rss", "atom", "json")
    ),
    path("widgets/pictures/body.jpg", pictures.body, name="picture-body"),
    path("widgets/pictures/<contest:contest>/contest.jpg", pictures.contest, name="picture-contest"),
    path("widgets/pictures/<contest:contest>/results.jpg", pictures.results, name="picture-results"),
    path("widgets/pictures/<contest:contest>/<int:number>.jpg", pictures.project, name="picture-project"),
    path("widgets/viche-widget-<slug:name>.js", widgets.element, name="widget-element"),
    path("widgets/accent-<slug:name>.css", widgets.accent, name="widget-accent"),
    path("widgets/pictures/<uuid:reference>.webp", widgets.thumbnail, name="thumbnail"),
    path("widgets/<slug:name>/", widgets.widget, name="widget"),
]

community_pages: list[URLPattern | URLResolver] = [
    path("office/website/widgets/", office_widgets.picker, name="office-widgets"),
    path("office/website/widgets/viche-widgets.zip", office_widgets.plugin, name="office-widgets-plugin"),
]
