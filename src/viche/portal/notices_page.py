"""What the pages of notices show."""

from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.urls import get_script_prefix, set_script_prefix
from django.utils.translation import gettext_lazy as _

from viche.connectors.messages.links import chat_link, path_of
from viche.connectors.messages.models import Follow, Notice
from viche.connectors.messages.queries import ways_of
from viche.connectors.messages.wording import heading_of, sentence_of, why_of
from viche.portal.contest_page import community_prefix
from viche.portal.forms_notices import ADDRESS_FORMS, WishForm
from viche.projects.models import State


def target_of(notice: Notice) -> str:
    """The address of what the notice is about, from wherever the person reads it."""
    community, before = notice.community, get_script_prefix()
    # the path is reversed as if at the root, then put under the community's own address
    is_here = not community.host and before.rstrip("/").endswith(f"/{community.slug}")
    set_script_prefix("/")
    try:
        path = path_of(notice)
    finally:
        set_script_prefix(before)
    if community.host:
        return f"//{community.host}{path}"
    return f"{before.rstrip('/') if is_here else f'/{community.slug}'}{path}"


def groups_of(notices: list[Notice]) -> list[dict[str, Any]]:
    """Notices of one page grouped by what they are about, in the order of the newest of each; the unread apart."""
    groups: dict[Any, dict[str, Any]] = {}
    for notice in notices:
        key = (notice.read_at is None, notice.project_id, notice.contest_id, notice.community_id)
        group = groups.setdefault(
            key, {"heading": heading_of(notice), "community": notice.community.title, "rows": []}
        )
        group["rows"].append(
            {
                "notice": notice, "sentence": sentence_of(notice), "why": why_of(notice),
                "is_new": notice.read_at is None,
            }
        )  # fmt: skip
    return list(groups.values())


def rows_of(follows: list[Follow]) -> list[dict[str, Any]]:
    """What a person follows, as lines with the form that ends each."""
    rows = []
    for each in follows:
        contest, project = each.contest, each.project
        base = community_prefix(each.community)
        href = base + (f"{contest.slug}/" if contest else "")
        title = contest.name if contest else each.community.title
        if project is not None and contest is not None:
            href, title = f"{href}projects/{project.number}/", f"№ {project.number}: {project.title}"
        elif each.is_search:
            href = f"{href}projects/?{each.query}"
        rows.append(
            {
                "follow": each, "href": href, "title": title, "action": f"{base}my/follow/",
                "contest": contest.slug if contest else "", "number": project.number if project else "",
                "filters": [value for _name, value in parse_qsl(each.query)],
                "state": State(project.state).label if project else "",
            }
        )  # fmt: skip
    return rows


CHANNEL_NAMES = {
    "email": (_("E-mail"), "mail"),
    "telegram": (_("Telegram"), "send"),
    "sms": (_("SMS"), "phone"),
}


def ways_shown(request: HttpRequest, form: Any, channel: str, act: str) -> list[dict[str, Any]]:
    """Each channel with its forms; the one that was sent keeps what was typed and its faults."""
    rows = []
    for way in ways_of(request.visitor.person):  # type: ignore[attr-defined]
        kind = ADDRESS_FORMS.get(way.channel)
        address, asked = way.address, way.asked
        language = address.language if address else "uk"
        wishes = WishForm(initial={**way.modes, "language": language}, auto_id=f"{way.channel}-%s")
        ask = kind(auto_id=f"{way.channel}-%s") if kind else None
        if way.channel == channel and form is not None:
            form.auto_id = f"{way.channel}-%s"
            ask, wishes = (form, wishes) if act == "ask" else (ask, form)
        name, icon = CHANNEL_NAMES[way.channel]
        rows.append(
            {
                "way": way, "name": name, "icon": icon, "ask": ask, "wishes": wishes if address else None,
                "fault": address.fault if address else "", "failed": way.failed,
                "is_open": ask is not None and bool(ask.errors),
                "link": chat_link(asked) if asked is not None and kind is None else "",
            }
        )  # fmt: skip
    return rows
