"""Addresses of what a notice is about, for pages and for letters."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from viche.communities.models import Community
from viche.connectors.messages.channels import TELEGRAM
from viche.connectors.messages.models import Address, Notice
from viche.connectors.messages.tokens import CHAT, token_of

URLS = "viche.config.community_urls"
OUTSIDE = "viche.config.urls"


def path_of(notice: Notice) -> str:
    """The path inside the community's pages, in the language set now and below the script prefix set now.

    A project nobody else may see yet leads its authors to their own page.
    """
    contest, project = notice.contest, notice.project
    names = [notice.page] if notice.page else []
    if project is not None and project.is_public:
        names.append("project")
    elif project is not None:
        names.append("my")
    names += ["contest", "home"]
    slug = [contest.slug] if contest is not None else []
    number = [project.number] if project is not None else []
    for name in names:
        for args in ([*slug, *number], slug, []):
            try:
                return reverse(name, args=args, urlconf=URLS)
            except NoReverseMatch:
                continue
    return reverse("home", urlconf=URLS)


def body_address(community: Community, base: str) -> str:
    """The absolute address of a community's pages, without a slash at its end.

    base: of the site where the person gave their address; a community without a host of its own lives under a path
    of the platform's.
    """
    scheme = urlsplit(base).scheme or "https"
    if community.host:
        return f"{scheme}://{community.host}"
    host = urlsplit(base).netloc
    if (urlsplit(base).hostname or "") not in settings.PLATFORM_HOSTS and settings.PLATFORM_HOSTS:
        host = settings.PLATFORM_HOSTS[0].lstrip(".")
    return f"{scheme}://{host}/{community.slug}"


def address_of(notice: Notice, base: str) -> str:
    """The absolute address for a letter. Only outside a request: no script prefix may be set."""
    return body_address(notice.community, base) + path_of(notice)


def own_address(name: str, base: str, *args: str) -> str:
    """The absolute address of one of the person's own pages: they are the same on every host."""
    return base.rstrip("/") + reverse(name, args=list(args), urlconf=OUTSIDE)


def chat_link(address: Address) -> str:
    """Where the person begins the chat that this address waits for."""
    return TELEGRAM.link(token_of(address, CHAT))
