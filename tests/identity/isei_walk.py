"""A browser without JavaScript walking from the site through the simulator of id.gov.ua and back."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from viche.identity.providers import ProviderError, VerifiedClaims
from viche.identity.providers.isei import IseiClient, IseiSettings
from viche.identity.providers.isei.simulator import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, load_cast

STATE = "a-state-of-the-session-0123456789"
CALLBACK = "http://localhost:8000/login/isei/callback"
ALLOW = ["http://localhost:8000/", "http://poltava.localhost:8000/login/"]
SLOW_SECONDS = 4
CAST = {person.key: person for person in load_cast()}
# one for all tests: making a client reads the certificates of all authorities
BROWSER = httpx.Client(trust_env=False, timeout=10)


def patience(fault: str) -> float:
    """The client's time-out in seconds: short only where the answer will be slow, for busy machines' sake."""
    return 0.4 if fault.endswith(("_slow", "_trickle")) else 5


def settings_for(url: str, **changes) -> IseiSettings:
    facts = {"url": url, "client_id": DEMO_CLIENT_ID, "client_secret": DEMO_CLIENT_SECRET, "timeout": 5}
    return IseiSettings(**(facts | changes))


class Form(HTMLParser):
    """What a browser without JavaScript would send: the hidden fields, and the names of the buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.people: list[str] = []
        self.methods: list[str] = []
        self.faults: list[str] = []
        self.scripts = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "input" and facts.get("type") == "hidden":
            self.hidden[facts["name"]] = facts["value"]
        elif tag == "input" and facts.get("type") == "radio":
            self.methods.append(facts["value"])
        elif tag == "button" and facts.get("name") == "person":
            self.people.append(facts["value"])
        elif tag == "option" and facts["value"]:
            self.faults.append(facts["value"])
        self.scripts += tag == "script" or any(name.startswith(("on", "style")) for name, _ in attrs)


def callback(client: IseiClient, key: str, method: str, fault: str = "", **extra: str) -> dict[str, str]:
    """Walk the browser through the simulator; the query with which it comes back to the site."""
    page = BROWSER.get(client.authorization_url(state=STATE, redirect_uri=CALLBACK))
    assert page.status_code == 200
    choice = {**Form(page.text).hidden, "person": key, "method": method, "fault": fault, **extra}
    answer = BROWSER.post(f"{client.settings.url}/choose", data=choice)
    assert answer.status_code == 303, answer.text
    target = answer.headers["location"]
    assert target.startswith(CALLBACK + "?")
    return dict(parse_qsl(urlsplit(target).query))


def code_for(client: IseiClient, key: str, method: str, fault: str = "") -> str:
    return client.code_from_callback(callback(client, key, method, fault), expected_state=STATE)


def identify(
    client: IseiClient, key: str = "olena", method: str = "bank_id", fault: str = ""
) -> VerifiedClaims:
    return client.identify(code_for(client, key, method, fault))


def refusal(call, *arguments, **options) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call(*arguments, **options)
    return caught.value
