"""Addresses of pages and files as they stand in the data: the same whoever asks, in whatever language."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.translation import override

from viche.communities.models import Community
from viche.contests.models import Contest

URLS, OUTSIDE = "viche.config.community_urls", "viche.config.urls"


def body_base(community: Community) -> str:
    """The address of a body's pages, without a slash at its end: its own host, or a path of the platform's."""
    if community.host:
        return f"{urlsplit(settings.PUBLIC_ADDRESS).scheme}://{community.host}"
    return f"{settings.PUBLIC_ADDRESS}/{community.slug}"


def body_address(community: Community, name: str, *args: object) -> str:
    """The absolute address of a page or file inside a body, in Ukrainian."""
    return body_base(community) + _path(name, URLS, *args)


def contest_address(contest: Contest, name: str, *args: object) -> str:
    """The absolute address of a page or file of a contest."""
    return body_address(contest.community, name, contest.slug, *args)


def platform_address(name: str, *args: object) -> str:
    """The absolute address of one of the platform's own pages or files."""
    return settings.PUBLIC_ADDRESS + _path(name, OUTSIDE, *args)


def _path(name: str, urlconf: str, *args: object) -> str:
    with override("uk"):
        path = reverse(name, args=list(args), urlconf=urlconf)
    return "/" + path.removeprefix(get_script_prefix())
