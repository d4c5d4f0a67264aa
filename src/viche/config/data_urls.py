"""URLs of open data and the API.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.api.v1.documentation import documentation
from viche.api.v1.urls import api_urls
from viche.config import addresses  # noqa: F401 (contest slugs in paths)

platform_machines: list[URLPattern | URLResolver] = [*api_urls()]

platform_pages: list[URLPattern | URLResolver] = [path("api/", documentation, name="api")]

community_machines: list[URLPattern | URLResolver] = []

community_pages: list[URLPattern | URLResolver] = []
