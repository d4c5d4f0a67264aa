"""URLs of open data and the API.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.api.v1.documentation import documentation
from viche.api.v1.urls import api_urls
from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.office.views import open_data as office_open_data
from viche.portal.views import open_data, research

platform_machines: list[URLPattern | URLResolver] = [
    *api_urls(),
    path("data/catalog.<slug:name>", open_data.platform_catalog, name="platform-data-catalog"),
    path("data/dictionary.json", open_data.dictionary, name="platform-data-dictionary"),
    path(".well-known/csvm", open_data.csvm, name="platform-csvm"),
]

platform_pages: list[URLPattern | URLResolver] = [
    path("data/", open_data.platform_data, name="platform-data"),
    path("api/", documentation, name="api"),
]

community_machines: list[URLPattern | URLResolver] = [
    path("data/catalog.<slug:name>", open_data.catalog, name="data-catalog"),
    path("data/dictionary.json", open_data.dictionary, name="data-dictionary"),
    path(".well-known/csvm", open_data.csvm, name="csvm"),
    path("data/research.zip", research.archive, name="research-archive"),
    path("<contest:contest>/data/research.zip", research.contest_archive, name="contest-research-archive"),
    path("<contest:contest>/data/<str:name>", open_data.contest_file, name="contest-data-file"),
]

community_pages: list[URLPattern | URLResolver] = [
    path("office/data/", office_open_data.terms, name="office-data"),
    path("data/", open_data.data, name="data"),
    path("data/research/", research.research, name="research"),
    path("<contest:contest>/data/research/", research.contest_research, name="contest-research"),
    path("<contest:contest>/data/", open_data.contest_data, name="contest-data"),
]
