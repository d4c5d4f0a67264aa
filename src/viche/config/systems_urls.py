"""URLs of other systems of the body: programs, webhooks, connections, arrivals.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.office.views import arrivals, arriving, systems

platform_machines: list[URLPattern | URLResolver] = []

platform_pages: list[URLPattern | URLResolver] = [
    path("platform/arrivals/", arriving.archives, name="platform-arrivals"),
]

community_machines: list[URLPattern | URLResolver] = []

community_pages: list[URLPattern | URLResolver] = [
    path("office/arrivals/", arrivals.arrivals, name="office-arrivals"),
    path("office/arrivals/<uuid:reference>/", arrivals.arrival, name="office-arrival"),
    path("office/systems/", systems.systems, name="office-systems"),
    path("office/systems/new/<slug:name>/", systems.new_system, name="office-system-new"),
    path("office/systems/<uuid:reference>/", systems.system, name="office-system"),
    path("office/systems/<uuid:reference>/settings/", systems.edit_system, name="office-system-settings"),
]
