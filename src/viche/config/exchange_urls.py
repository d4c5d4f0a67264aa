"""URLs of documents and money between the body and its systems: a part of systems_urls."""

from django.urls import URLPattern, URLResolver, path

from viche.api import contracting, registrations
from viche.config import addresses  # noqa: F401 (contest slugs in paths)
from viche.office.views import documents, treasury

community_machines: list[URLPattern | URLResolver] = [
    path("systems/documents/registered/", registrations.registered, name="documents-registered"),
    path("systems/<contest:contest>/ocds.json", contracting.ocds, name="ocds"),
]

community_pages: list[URLPattern | URLResolver] = [
    path("office/systems/documents/", documents.documents, name="office-documents"),
    path("office/systems/documents/settings/", documents.document_settings, name="office-documents-settings"),
    path("office/systems/documents/<uuid:reference>/", documents.document, name="office-document"),
    path(
        "office/systems/documents/<uuid:reference>/file/", documents.document_file, name="office-document-file"
    ),
    path("office/systems/treasury/", treasury.treasury, name="office-treasury"),
    path("office/systems/treasury/statements/<uuid:reference>/", treasury.statement, name="office-statement"),
    path("office/systems/treasury/<contest:contest>/", treasury.plan, name="office-plan"),
    path(
        "office/systems/treasury/<contest:contest>/file/<slug:kind>/", treasury.plan_download,
        name="office-plan-file",
    ),
]  # fmt: skip
