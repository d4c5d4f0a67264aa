"""URLs of other systems of the body: programs, webhooks, connections, arrivals.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.office.views import programs

platform_machines: list[URLPattern | URLResolver] = []

platform_pages: list[URLPattern | URLResolver] = []

community_machines: list[URLPattern | URLResolver] = []

community_pages: list[URLPattern | URLResolver] = [
    path("office/programs/", programs.programs, name="office-programs"),
    path("office/programs/new/", programs.new_program, name="office-program-new"),
    path("office/programs/<uuid:reference>/", programs.program, name="office-program"),
]
