"""Three servers of analytics and what each is told: no cookie, no script, no address of a person.

Matomo: POST /matomo.php with "requests" (bulk tracking). Plausible: POST /api/event. Umami: POST /api/send.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.connectors.systems.calls import NeighbourDown, NeighbourFault, call
from viche.connectors.systems.kinds.kind import Field, Finding, Kind
from viche.connectors.systems.models import SeenPage, System
from viche.connectors.systems.outlet import garbage, request, succeeded
from viche.connectors.systems.pointers import read_json
from viche.connectors.systems.queries import secrets_of
from viche.foundation.outgoing import Answer, Unreachable

# some servers drop what does not look like a browser
AGENT = "Mozilla/5.0 Viche"
SECONDS = 10
Sender = Callable[[System, Sequence[SeenPage], list[UUID]], None]


def _posted(system: System, path: str, document: Mapping[str, Any]) -> Answer:
    url = f"{system.settings['server'].rstrip('/')}{path}"
    headers = {"Content-Type": "application/json", "User-Agent": AGENT}
    content = json.dumps(document, ensure_ascii=False).encode()
    return succeeded(request(system, "POST", url, headers=headers, content=content, seconds=SECONDS))


def _url(page: SeenPage) -> str:
    return f"https://{page.host}{page.path}"


def _referrer(page: SeenPage) -> str:
    return f"https://{page.referrer}/" if page.referrer else ""


def send_matomo(system: System, pages: Sequence[SeenPage], done: list[UUID]) -> None:
    """All in one request. The token lets the moments of the looks be told."""
    token = secrets_of(system).get("token", "")
    requests = []
    for page in pages:
        facts = {
            "idsite": system.settings["site"], "rec": "1", "apiv": "1", "send_image": "0", "url": _url(page),
            "urlref": _referrer(page), "rand": page.pk.hex,
        }  # fmt: skip
        if token:
            facts["cdt"] = f"{page.at:%Y-%m-%d %H:%M:%S}"
        requests.append(f"?{urlencode(facts)}")
    answer = _posted(
        system, "/matomo.php", {"requests": requests, **({"token_auth": token} if token else {})}
    )
    try:
        document = read_json(answer.body)
    except ValueError:
        raise garbage() from None
    if not isinstance(document, dict) or document.get("status") != "success" or document.get("invalid"):
        raise garbage()
    done.extend(page.pk for page in pages)


def send_plausible(system: System, pages: Sequence[SeenPage], done: list[UUID]) -> None:
    """One request a page."""
    for page in pages:
        event = {"name": "pageview", "url": _url(page), "domain": system.settings["site"]}
        if page.referrer:
            event["referrer"] = _referrer(page)
        answer = _posted(system, "/api/event", event)
        if answer.body.strip() != b"ok":
            raise garbage()
        done.append(page.pk)


def send_umami(system: System, pages: Sequence[SeenPage], done: list[UUID]) -> None:
    """One request a page."""
    for page in pages:
        payload = {
            "website": system.settings["site"], "hostname": page.host, "url": page.path, "referrer": _referrer(page),
        }  # fmt: skip
        answer = _posted(system, "/api/send", {"type": "event", "payload": payload})
        if not answer.headers.get("content-type", "").startswith(("application/json", "text/plain")):
            raise garbage()
        done.append(page.pk)


SENDERS: dict[str, Sender] = {"matomo": send_matomo, "plausible": send_plausible, "umami": send_umami}


def sender_of(system: System) -> Sender:
    """How this server is told."""
    return SENDERS[system.settings["flavour"]]


def try_analytics(system: System) -> Finding:
    """Tell it of one look at a page that does not exist."""
    from viche.foundation import clock

    page = SeenPage(system=system, host="viche.invalid", path="/connection-test/", at=clock.now())
    try:
        call(system, "check", lambda: sender_of(system)(system, [page], []))
    except (NeighbourDown, NeighbourFault, Unreachable) as fault:
        return Finding(False, str(fault))
    return Finding(
        True, _("It took one look at the page /connection-test/, which you will see in your statistics.")
    )


KINDS = (
    Kind(
        "analytics", gettext_lazy("Statistics of visits: Matomo, Plausible, Umami"),
        gettext_lazy(
            "Your server of statistics is told which public pages are read: by our server, without a script, a cookie "
            "or an address of anybody; never of voting, of officials or of who has identified."
        ),
        (
            Field(
                "flavour", gettext_lazy("What it is"), "choice", first="matomo",
                choices=(("matomo", "Matomo"), ("plausible", "Plausible"), ("umami", "Umami")),
            ),
            Field("server", gettext_lazy("Address of the server"), "address"),
            Field(
                "site", gettext_lazy("Your site there"), longest=100,
                help=gettext_lazy("Matomo: the number; Plausible: the domain; Umami: the website ID."),
            ),
            Field(
                "token", gettext_lazy("Token (Matomo only)"), "secret", is_required=False,
                help=gettext_lazy("With it the exact moments are told."),
            ),
        ),
        try_analytics, icon="chart-column", simulator="analytics", is_single=True,
    ),
)  # fmt: skip
