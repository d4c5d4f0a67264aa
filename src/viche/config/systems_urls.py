"""URLs of other systems of the body: programs, webhooks, connections, arrivals.

platform: of the platform's own host; community: inside a community. machines: without a language; pages: with one.
"""

from django.urls import URLPattern, URLResolver, path

from viche.config import (
    addresses,  # noqa: F401 (contest slugs in paths)
    exchange_urls,
)
from viche.office.views import arrivals, arriving, programs, systems, webhooks
from viche.portal.views import webhook_events

platform_machines: list[URLPattern | URLResolver] = []

platform_pages: list[URLPattern | URLResolver] = [
    path("platform/arrivals/", arriving.archives, name="platform-arrivals"),
]

community_machines: list[URLPattern | URLResolver] = [
    *exchange_urls.community_machines,
    path(
        "webhooks/events/<str:name>.json",
        webhook_events.webhook_event_schema,
        name="webhook-event-schema",
    ),
]

community_pages: list[URLPattern | URLResolver] = [
    *exchange_urls.community_pages,
    path("office/systems/", systems.systems, name="office-systems"),
    path("office/systems/new/<slug:name>/", systems.new_system, name="office-system-new"),
    path("office/systems/<uuid:reference>/", systems.system, name="office-system"),
    path("office/systems/<uuid:reference>/settings/", systems.edit_system, name="office-system-settings"),
    path("webhooks/events/", webhook_events.webhook_events, name="webhook-events"),
    path("office/webhooks/", webhooks.webhooks, name="office-webhooks"),
    path("office/webhooks/new/", webhooks.new_webhook, name="office-webhook-new"),
    path("office/webhooks/<uuid:reference>/", webhooks.webhook, name="office-webhook"),
    path("office/webhooks/<uuid:reference>/settings/", webhooks.edit_webhook, name="office-webhook-settings"),
    path("office/webhooks/<uuid:reference>/remove/", webhooks.remove_webhook, name="office-webhook-remove"),
    path("office/arrivals/", arrivals.arrivals, name="office-arrivals"),
    path("office/arrivals/<uuid:reference>/", arrivals.arrival, name="office-arrival"),
    path("office/programs/", programs.programs, name="office-programs"),
    path("office/programs/new/", programs.new_program, name="office-program-new"),
    path("office/programs/<uuid:reference>/", programs.program, name="office-program"),
]
