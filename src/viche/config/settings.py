"""The one settings file. Everything that differs between installations comes from the environment.

VICHE_ENVIRONMENT is ``development`` (default), ``test`` or ``production``. Production refuses to start without
its secrets and never runs simulators, demo data or the embedded database.
"""

import contextlib
import secrets
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from rulebook.signing import WITNESS, SigningError, key_of
from viche.config.embedded import cluster_place
from viche.config.env import Environment, SettingError
from viche.foundation.mail import mail_settings

REGISTER_NAMES = ("URL", "TOKEN", "CERTIFICATE", "KEY", "AUTHORITY", "TIMEOUT")

env = Environment()

REPOSITORY = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
VAR_DIR = Path(env.text("VICHE_VAR") or REPOSITORY / "var")

ENVIRONMENT = env.text("VICHE_ENVIRONMENT", "development")
if ENVIRONMENT not in {"development", "test", "production"}:
    raise SettingError(f"VICHE_ENVIRONMENT: expected development, test or production, got {ENVIRONMENT!r}")
IS_PRODUCTION = ENVIRONMENT == "production"
IS_DEMO = env.flag("VICHE_DEMO")
if IS_PRODUCTION and IS_DEMO:
    raise SettingError("VICHE_DEMO cannot be on where VICHE_ENVIRONMENT is production")
DEBUG = env.flag("VICHE_DEBUG") and not IS_PRODUCTION


def _local_secret(name: str) -> str:
    """A secret made once and kept in var/keys with mode 0600, so that a trial needs no configuration."""
    path = VAR_DIR / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # another process was first: its secret counts
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text().strip()


SECRET_KEY = env.required("VICHE_SECRET_KEY") if IS_PRODUCTION else _local_secret("session-secret")
# keys of persons and ballots: never in the database, never in its backups (docs/security.md)
PERSON_KEY = env.required("VICHE_PERSON_KEY") if IS_PRODUCTION else _local_secret("person-secret")
KEYS_DIR = Path(env.text("VICHE_KEYS_DIR") or VAR_DIR / "keys" / "contests")

# names of ours that no community owns; own domains of communities are looked up with each request
# (communities.place.HostMiddleware refuses every other name)
KNOWN_HOSTS = env.words(
    "VICHE_HOSTS", () if IS_PRODUCTION else ("localhost", "127.0.0.1", "[::1]", "testserver")
)
ALLOWED_HOSTS = ["*"]
# the platform's own hosts; any other known host is looked up as a community's own domain
# own domains of bodies that answer as soon as an administrator of the body enters them; otherwise the operator lists
# each in VICHE_HOSTS first, once it is sure whose it is
OWN_DOMAINS_AT_ONCE = env.flag("VICHE_OWN_DOMAINS_AT_ONCE")
PLATFORM_HOSTS = env.words("VICHE_PLATFORM_HOSTS", () if IS_PRODUCTION else tuple(KNOWN_HOSTS))
if IS_PRODUCTION and not (KNOWN_HOSTS and PLATFORM_HOSTS):
    raise SettingError(
        "VICHE_HOSTS and VICHE_PLATFORM_HOSTS must be set where VICHE_ENVIRONMENT is production"
    )

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "procrastinate.contrib.django",
    "viche.foundation",
    "viche.journal",
    "viche.communities",
    "viche.identity",
    "viche.contests",
    "viche.projects",
    "viche.review",
    "viche.talk",
    "viche.points",
    "viche.ballots",
    "viche.results",
    "viche.integrity",
    "viche.channels.booth",
    "viche.channels.paper",
    "viche.channels.terminals",
    "viche.connectors.arrivals",
    "viche.connectors.clients",
    "viche.connectors.contact",
    "viche.connectors.documents",
    "viche.connectors.export",
    "viche.connectors.messages",
    "viche.connectors.open_data",
    "viche.connectors.pabulib",
    "viche.connectors.record",
    "viche.connectors.systems",
    "viche.connectors.treasury",
    "viche.connectors.webhooks",
    "viche.connectors.website",
    "viche.reports",
    "viche.portal",
    "viche.office",
    "viche.api",
    "viche.demo",
    "viche.config",
]

MIDDLEWARE = [
    "viche.foundation.limits.SizeMiddleware",
    "viche.communities.place.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # before whatever asks the database: the page that says it is out of reach has the policy too
    "csp.middleware.CSPMiddleware",
    "viche.communities.place.PlaceMiddleware",
    "viche.portal.cookieless.CookielessMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "viche.identity.sessions.PersonMiddleware",
    "viche.portal.refusals.RefusalMiddleware",
    "viche.portal.seen.SeenPageMiddleware",
]

ROOT_URLCONF = "viche.config.urls"
COMMUNITY_URLCONF = "viche.config.community_urls"
WSGI_APPLICATION = "viche.config.wsgi.application"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "viche.portal.context.page",
            ],
        },
    }
]

# --- database -----------------------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL")
if IS_PRODUCTION and not DATABASE_URL:
    raise SettingError("DATABASE_URL must be set where VICHE_ENVIRONMENT is production")
EMBEDDED_PLACE = None
if DATABASE_URL:
    _parts = conninfo_to_dict(DATABASE_URL)
    _known = {key: str(_parts.pop(key, "") or "") for key in ("dbname", "user", "password", "host", "port")}
    _database = {
        "NAME": _known["dbname"], "USER": _known["user"], "PASSWORD": _known["password"],
        "HOST": _known["host"], "PORT": _known["port"], "OPTIONS": dict(_parts),
    }  # fmt: skip
else:
    EMBEDDED_PLACE = cluster_place(VAR_DIR)
    _database = {"NAME": "viche", "USER": "viche", "HOST": str(EMBEDDED_PLACE.sockets), "OPTIONS": {}}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        **_database,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "KEY_PREFIX": "viche"}}

# --- language and time --------------------------------------------------------------------------------------
LANGUAGE_CODE = "uk"
LANGUAGES = [("uk", "Українська"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Kyiv"
USE_THOUSAND_SEPARATOR = False  # numbers are grouped by foundation.numbers where they are shown

# --- files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("VICHE_MEDIA") or VAR_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
if not IS_PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 3_000_000
# what people send (certificates, registers of members) is never written to a disk before it is looked at
FILE_UPLOAD_MAX_MEMORY_SIZE = 32_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
# files that show what people prove about themselves: outside MEDIA_ROOT, served by guarded pages only
PRIVATE_ROOT = Path(env.text("VICHE_PRIVATE") or VAR_DIR / "private")
PROOF_FILES_DAYS = env.number("VICHE_PROOF_FILES_DAYS", 30)

# --- the browser --------------------------------------------------------------------------------------------
_secure = IS_PRODUCTION
SESSION_COOKIE_NAME = "__Host-viche" if _secure else "viche"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 2
SESSION_SAVE_EVERY_REQUEST = True  # two hours without a page, not two hours at all
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "viche.portal.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = (
    [f"https://{host}" for host in KNOWN_HOSTS if not host.startswith(".")] if _secure else []
)
SECURE_SSL_REDIRECT = _secure
# the proxy asks from beside, without TLS
SECURE_REDIRECT_EXEMPT = [r"^health/domain$"]
IS_BEHIND_PROXY = env.flag("VICHE_BEHIND_PROXY")
# the proxy's header with the fingerprint (SHA-256) of a terminal partner's TLS certificate, which it has checked
CLIENT_CERTIFICATE_HEADER = env.text("VICHE_CLIENT_CERTIFICATE_HEADER")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- identity providers (viche/identity/providers) ----------------------------------------------------------
IDENTITY_ENVIRONMENT = env.named("ISEI_", "BANKID_", "OIDC_", "KEP_", "MOBILEID_", "DIIA_")
# browsers check where a sent form is redirected to: the way to a provider begins with one
for _name in ("ISEI_URL", "BANKID_URL", "OIDC_AUTHORIZATION_URL"):
    if IDENTITY_ENVIRONMENT.get(_name):
        _provider = urlsplit(IDENTITY_ENVIRONMENT[_name])
        CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(
            f"{_provider.scheme}://{_provider.netloc}"
        )
# register services of communities, by КАТОТТГ code (viche/identity/registers.py)
REGISTER_SERVICES = {
    code: {name: env.text(f"VICHE_REGISTER_{code}_{name}") for name in REGISTER_NAMES}
    for code in env.words("VICHE_REGISTERS")
}
# the second factor of officials: "required", or where people only try the product "offered"
SECOND_FACTOR = env.text("VICHE_SECOND_FACTOR", "offered" if IS_DEMO else "required")
if SECOND_FACTOR not in {"required", "offered"}:
    raise SettingError(f"VICHE_SECOND_FACTOR: expected required or offered, got {SECOND_FACTOR!r}")
if IS_PRODUCTION and SECOND_FACTOR != "required":
    raise SettingError("VICHE_SECOND_FACTOR must be required where VICHE_ENVIRONMENT is production")
STAFF_IDLE_SECONDS = env.number("VICHE_STAFF_IDLE_SECONDS", 30 * 60)
STAFF_SESSION_SECONDS = env.number("VICHE_STAFF_SESSION_SECONDS", 12 * 3600)
FRESH_IDENTIFICATION_SECONDS = env.number("VICHE_FRESH_IDENTIFICATION_SECONDS", 1800)

# --- time stamps over the journal (viche/journal/stamping.py) ------------------------------------------------
TSA_URL = env.text("VICHE_TSA_URL")
TSA_CERTIFICATE = env.text("VICHE_TSA_CERTIFICATE")
TSA_TIMEOUT = env.number("VICHE_TSA_TIMEOUT", 20)
if TSA_URL and not TSA_CERTIFICATE:
    raise SettingError("VICHE_TSA_CERTIFICATE must name the certificate of the authority at VICHE_TSA_URL")

# --- the seal on official reports (viche/reports/official/sealing.py) ------------------------------------------
REPORT_SEAL = env.text("VICHE_REPORT_SEAL")
REPORT_SEAL_PASSWORD = env.text("VICHE_REPORT_SEAL_PASSWORD")
if REPORT_SEAL and not Path(REPORT_SEAL).is_file():
    raise SettingError("VICHE_REPORT_SEAL must name a PKCS#12 file")

# --- open data (viche/connectors/open_data) -------------------------------------------------------------------
# figures as workbooks and PDFs, made when first asked for; thrown away they are made again
FIGURES_DIR = Path(env.text("VICHE_FIGURES") or VAR_DIR / "figures")
OPEN_DATA_DIR = Path(env.text("VICHE_OPEN_DATA") or VAR_DIR / "open-data")
# how files and catalogues name the platform's own pages
PUBLIC_ADDRESS = (
    env.text("VICHE_PUBLIC_ADDRESS")
    or f"{'https' if IS_PRODUCTION else 'http'}://{PLATFORM_HOSTS[0].lstrip('.')}"
).rstrip("/")

# --- the log as files, its witnesses (viche/journal/publishing.py, witnesses.py) ------------------------------
LOG_DIR = Path(env.text("VICHE_LOG") or VAR_DIR / "log")
RECORDS_DIR = Path(env.text("VICHE_RECORDS") or VAR_DIR / "records")
# the beginning of every log's name; a log that changes its name is another log
LOG_ORIGIN = env.text("VICHE_LOG_ORIGIN") or PLATFORM_HOSTS[0].strip("[]").lstrip(".")
WITNESSES = {
    name: {"url": env.text(f"VICHE_WITNESS_{name}_URL"), "key": env.text(f"VICHE_WITNESS_{name}_KEY")}
    for name in env.words("VICHE_WITNESSES")
}
WITNESS_TIMEOUT = env.number("VICHE_WITNESS_TIMEOUT", 5)
for _name, _witness in WITNESSES.items():
    try:
        _is_known = bool(_witness["url"]) and key_of(_witness["key"]).kind == WITNESS
    except SigningError as _error:
        raise SettingError(f"VICHE_WITNESS_{_name}_KEY: {_error}") from None
    if not _is_known:
        raise SettingError(f"VICHE_WITNESS_{_name}_URL and _KEY must be the address and the key of a witness")

# requests to addresses that officials typed (foundation.outgoing): networks of the body's own they may reach
_IS_LOCAL = not IS_PRODUCTION and (IS_DEMO or ENVIRONMENT == "test")
OUTGOING_PRIVATE = env.words("VICHE_OUTGOING_PRIVATE", ("127.0.0.0/8", "::1/128") if _IS_LOCAL else ())
for _network in OUTGOING_PRIVATE:
    try:
        ip_network(_network)
    except ValueError as _error:
        raise SettingError(f"VICHE_OUTGOING_PRIVATE: {_error}") from None
OUTGOING_PLAIN_HTTP = env.flag("VICHE_OUTGOING_PLAIN_HTTP", _IS_LOCAL)

# --- running ------------------------------------------------------------------------------------------------
LOG_LEVEL = env.text("VICHE_LOG_LEVEL", "INFO" if IS_PRODUCTION else "WARNING").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # request lines of the identity client carry secrets in their query
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}
# what may name a territory beside foreign keys (communities.holding)
# rooms that know how to speak with other systems of a body: modules with KINDS (connectors.systems.kinds)
NEIGHBOUR_KINDS = [
    "viche.connectors.systems.kinds.residents",
    "viche.connectors.systems.kinds.gateways",
    "viche.connectors.systems.kinds.analytics",
    "viche.connectors.systems.kinds.geocoder",
    "viche.connectors.documents.system",
    "viche.connectors.treasury.system",
    "viche.connectors.treasury.prozorro",
]
# registers that bodies connected themselves (identity.registers), and what all registers together may take of the time
# of somebody who identifies
REGISTER_PORTS = ["viche.connectors.systems.kinds.residents.port.registers_of"]
REGISTER_SECONDS = env.number("VICHE_REGISTER_SECONDS", 2)
TERRITORY_HOLDERS = ["viche.contests.queries.pots_naming"]
# what is set right beside foreign keys where two records of one person are made one (identity.actions.merging)
PEOPLE_MERGED = ["viche.projects.actions.merge_signatures", "viche.ballots.doubles.record_double_marks"]
# what keeps a person's record for a while, and what rooms let go beside foreign keys where it is erased
PEOPLE_KEPT = ["viche.projects.actions.issues_before_erasing_author", "viche.ballots.doubles.why_marks_keep"]
PEOPLE_ERASED = ["viche.projects.actions.erase_author"]
# what is kept how long and why, room by room (foundation.retention); in this order it is shown
RETENTION = [
    "viche.identity.retention",
    "viche.projects.retention",
    "viche.review.retention",
    "viche.talk.retention",
    "viche.points.retention",
    "viche.channels.paper.retention",
    "viche.channels.paper.importing.retention",
    "viche.ballots.retention",
    "viche.channels.terminals.retention",
    "viche.results.retention",
    "viche.integrity.retention",
    "viche.contests.retention",
    "viche.connectors.contact.retention",
    "viche.connectors.messages.retention",
    "viche.connectors.export.retention",
    "viche.connectors.clients.retention",
    "viche.connectors.webhooks.retention",
    "viche.connectors.website.retention",
    "viche.connectors.open_data.retention",
    "viche.connectors.systems.retention",
    "viche.connectors.documents.retention",
    "viche.connectors.treasury.retention",
    "viche.connectors.arrivals.retention",
    "viche.reports.retention",
    "viche.communities.retention",
    "viche.journal.retention",
    "viche.config.retention",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
SOURCE_URL = env.text("VICHE_SOURCE_URL")

# --- letters (viche/foundation/mail.py) ---------------------------------------------------------------------
EMAIL_URL = env.text("VICHE_EMAIL_URL", "" if IS_PRODUCTION else (VAR_DIR / "mail").absolute().as_uri())
_sender = env.text("VICHE_EMAIL_FROM") or f"viche@{PLATFORM_HOSTS[0].strip('[]').lstrip('.')}"
try:
    globals().update(mail_settings(EMAIL_URL, sender=_sender))
except ValueError as _error:
    raise SettingError(f"VICHE_EMAIL_URL: {_error}") from None

# where messages of the contact form go that name no body, or a body without a mailbox (viche/connectors/contact)
CONTACT_EMAIL = env.text("VICHE_CONTACT_EMAIL")
if CONTACT_EMAIL and "@" not in CONTACT_EMAIL:
    raise SettingError("VICHE_CONTACT_EMAIL: expected an e-mail address")

# --- other ways of notices (viche/connectors/messages/channels) -----------------------------------------------
TELEGRAM_BOT = env.text("VICHE_TELEGRAM_BOT").removeprefix("@")
TELEGRAM_TOKEN = env.text("VICHE_TELEGRAM_TOKEN")
TELEGRAM_URL = env.text("VICHE_TELEGRAM_URL", "https://api.telegram.org")
SMS_URL = env.text("VICHE_SMS_URL")
SMS_TOKEN = env.text("VICHE_SMS_TOKEN")

# --- what leaves with a body (viche/connectors/export) ------------------------------------------------------
# what an archive that a body brings may unpack to
ARCHIVE_MOST_BYTES = env.number("VICHE_ARCHIVE_MOST_BYTES", 20_000_000_000)
EXPORTS_DIR = Path(env.text("VICHE_EXPORTS") or VAR_DIR / "exports")
EXPORT_DAYS = env.number("VICHE_EXPORT_DAYS", 14)

# --- static copies, the read-only site (viche/connectors/website/copies) --------------------------------------
# empty: none is kept
STATIC_COPIES_DIR = env.text("VICHE_STATIC_COPIES")
STATIC_COPIES_MINUTES = env.number("VICHE_STATIC_COPIES_MINUTES", 30)
# addresses of the proxy, for DNS records of own domains that take no CNAME
PUBLIC_ADDRESSES = env.words("VICHE_PUBLIC_ADDRESSES")
# --- the API (viche/api/v1): requests a minute that one address makes without a key -------------------------
API_READS_MINUTE = env.number("VICHE_API_READS_MINUTE", 300)

# --- keys of contests (viche/ballots/unlinking.py) ----------------------------------------------------------
KEYS_KEPT_DAYS = env.number("VICHE_KEYS_KEPT_DAYS", 90)
