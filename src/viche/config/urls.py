"""URLs of the platform's own host: finding a community, identification, the parts of the interface."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import path, re_path

from viche.config import data_urls, reports_urls, systems_urls, website_urls
from viche.demo.views import demo
from viche.foundation.gallery import gallery
from viche.office.views import access
from viche.office.views import contact as office_contact
from viche.office.views import objections as office_objections
from viche.portal.guards import public
from viche.portal.views import (
    attempts,
    bodies,
    connect,
    contact,
    identity,
    journal,
    legal,
    media,
    methods,
    notices,
    notices_settings,
    own_data,
    platform,
    retention,
    security,
    start,
)

handler400 = "viche.portal.errors.bad_request"
handler404 = "viche.portal.errors.not_found"
handler500 = "viche.portal.errors.server_error"

# without a language: machines and redirects of identity providers come here
everywhere = [
    path("identity/callback/<slug:provider>/", identity.callback, name="callback"),
    path("identity/delivery/<slug:provider>/", attempts.delivery, name="delivery"),
    path("health/", start.health, name="health"),
    path("log/<path:name>", journal.log_file, name="log-file"),
    re_path(r"^media/(?P<path>.+)$", media.media),
]

# the journal of a body, or of the platform
journals = [
    path("journal/", journal.journal, name="journal"),
    path("journal/proof/", journal.proof, name="journal-proof"),
    path("journal/stamps/<uuid:reference>.tsr", journal.stamp, {"kind": "tsr"}, name="journal-stamp"),
    path("journal/stamps/<uuid:reference>.json", journal.stamp, {"kind": "json"}, name="journal-stamp-of"),
    path("journal/entries/<path:name>/", journal.entry, name="journal-entry"),
    path("journal/entries/<path:name>.json", journal.entry_file, {"kind": "json"}, name="journal-entry-leaf"),
    path(
        "journal/entries/<path:name>.tlog-proof",
        journal.entry_file,
        {"kind": "proof"},
        name="journal-entry-proof",
    ),
]

personal = [
    path("login/", identity.login, name="login"),
    path("login/<uuid:reference>/", attempts.attempt, name="attempt"),
    path("login/<uuid:reference>/text.txt", attempts.attempt_text, name="attempt-text"),
    path("logout/", identity.logout, name="logout"),
    path("my/", identity.my, name="my"),
    path("my/consents/", legal.consents, name="consents"),
    path("my/consents/<slug:name>/", legal.consent, name="consent"),
    path("my/data/", own_data.data, name="own-data"),
    path("my/data/mine.json", own_data.download, name="own-data-file"),
    path("my/data/erase/", own_data.erase, name="own-data-erase"),
    path("my/objections/", own_data.objections, name="objections"),
    path("my/methods/", methods.methods, name="methods"),
    path("my/security/", security.security, name="security"),
    path("my/security/check/", security.check, name="security-check"),
    path("my/security/codes/", security.codes, name="security-codes"),
    path("my/security/passkey/", security.passkey, name="security-passkey"),
    path("my/security/recovery/", security.recovery, name="security-recovery"),
    path("my/notices/", notices.notices, name="notices"),
    path("my/notices/read/", notices.read, name="notices-read"),
    path("my/notices/settings/", notices_settings.settings, name="notices-settings"),
    path("my/notices/confirm/<slug:name>/", notices_settings.confirm, name="notices-confirm"),
    path("my/notices/unsubscribe/<slug:name>/", notices_settings.unsubscribe, name="notices-unsubscribe"),
    path("my/notices/<uuid:reference>/", notices.notice, name="notice"),
    path("my/follows/", notices.follows, name="follows"),
    path("theme/<slug:name>/", start.theme, name="theme"),
    path("pages/retention/", retention.retention, name="retention"),
    path("pages/contact/", contact.contact, name="contact"),
    path("pages/<slug:name>/", start.page, name="page"),
]

ROOMS = (website_urls, data_urls, systems_urls, reports_urls)

urlpatterns = [
    *everywhere,
    *(each for room in ROOMS for each in room.platform_machines),
    *i18n_patterns(
        path("", start.start, name="start"),
        path("bodies/", bodies.bodies, name="bodies"),
        path("bodies/<str:name>/", bodies.region, name="bodies-region"),
        path("ui/", public(gallery), name="ui-gallery"),
        *([path("demo/", demo, name="demo")] if settings.IS_DEMO else []),
        *personal,
        *journals,
        *(each for room in ROOMS for each in room.platform_pages),
        path("connect/", connect.connect, name="connect"),
        path("connect/request/", connect.ask, name="connect-request"),
        path("platform/", platform.desk, name="platform"),
        path("platform/messages/", office_contact.platform_inbox, name="platform-messages"),
        path("platform/messages/<uuid:reference>/", office_contact.platform_message, name="platform-message"),
        path("platform/objections/", office_objections.platform_listed, name="platform-objections"),
        path(
            "platform/objections/<uuid:reference>/",
            office_objections.platform_objection,
            name="platform-objection",
        ),
        path("platform/access/", access.platform_access, name="platform-access"),
        path("platform/retention/", access.platform_retention, name="platform-retention"),
        path("platform/connect/", platform.connect, name="platform-connect"),
        path("platform/requests/<slug:name>/", platform.request_page, name="platform-request"),
        path("platform/bodies/", platform.bodies, name="platform-bodies"),
        path("platform/bodies/<slug:name>/", platform.body, name="platform-body"),
        path("platform/bodies/<slug:name>/archive.zip", platform.download, name="platform-export"),
        prefix_default_language=False,
    ),
]
