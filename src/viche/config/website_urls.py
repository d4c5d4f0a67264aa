"""URLs of the body's own website: widgets, feeds, pictures, static copies.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.office.views import copies, domain, pushes
from viche.portal.views import domains

platform_machines: list[URLPattern | URLResolver] = [
    path("health/domain", domains.known_domain, name="health-domain"),
]

platform_pages: list[URLPattern | URLResolver] = []

community_machines: list[URLPattern | URLResolver] = [
    path("health/domain", domains.known_domain, name="health-domain"),
]

community_pages: list[URLPattern | URLResolver] = [
    path("office/website/copies/", copies.copies, name="office-copies"),
    path("office/website/domain/", domain.domain, name="office-domain"),
    path("office/website/pushes/", pushes.pushes, name="office-pushes"),
    path("office/website/pushes/new/", pushes.new_push, name="office-push-new"),
    path("office/website/pushes/<uuid:reference>/", pushes.push, name="office-push"),
]
