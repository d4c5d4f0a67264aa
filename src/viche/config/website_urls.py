"""URLs of the body's own website: widgets, feeds, pictures, static copies.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.office.views import widgets as office_widgets
from viche.portal.views import widgets

platform_machines: list[URLPattern | URLResolver] = [
    path("widgets/viche-widget-<int:number>.js", widgets.element, name="widget-element"),
]

platform_pages: list[URLPattern | URLResolver] = []

community_machines: list[URLPattern | URLResolver] = [
    path("widgets/viche-widget-<int:number>.js", widgets.element, name="widget-element"),
    path("widgets/accent-<slug:name>.css", widgets.accent, name="widget-accent"),
    path("widgets/pictures/<uuid:reference>.webp", widgets.thumbnail, name="thumbnail"),
    path("widgets/<slug:name>/", widgets.widget, name="widget"),
]

community_pages: list[URLPattern | URLResolver] = [
    path("office/website/widgets/", office_widgets.picker, name="office-widgets"),
    path("office/website/widgets/viche-widgets.zip", office_widgets.plugin, name="office-widgets-plugin"),
]
