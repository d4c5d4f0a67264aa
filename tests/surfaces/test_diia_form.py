"""Diia brings a signature as a form of several parts, as its server does, to the site as it really listens."""

from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from tests import given
from tests.surfaces.ground import browser
from viche.identity.models import Person
from viche.identity.providers.diia.simulator import DiiaSimulator
from viche.identity.providers.diia.simulator.server import ACQUIRER, AUTHORIZATION, BRANCH, OFFER
from viche.identity.providers.kep.simulator import KepSimulator
from viche.identity.providers.simulation import running
from viche.identity.registry import providers


@pytest.fixture
def simulator(transactional_db, live_server, settings, tmp_path):
    with running(KepSimulator()) as kep:
        root = tmp_path / "root.pem"
        root.write_bytes(kep.authority.root.public_bytes(serialization.Encoding.PEM))
        deliver = f"{live_server.url}/identity/delivery/diia/"
        with running(DiiaSimulator(authority=kep.authority, deliver=deliver)) as server:
            settings.IDENTITY_ENVIRONMENT = {
                **settings.IDENTITY_ENVIRONMENT, "KEP_TRUSTED": str(root), "DIIA_URL": server.url,
                "DIIA_ACQUIRER_TOKEN": ACQUIRER, "DIIA_AUTHORIZATION": AUTHORIZATION, "DIIA_BRANCH_ID": BRANCH,
                "DIIA_OFFER_ID": OFFER,
            }  # fmt: skip
            providers.cache_clear()
            yield server
    providers.cache_clear()


def test_from_the_link_on_the_page_to_a_person_on_the_site(simulator):
    given.contest()
    client = browser(SERVER_NAME="localhost")
    to = "/poltava/en/2026/vote/review/"
    there = client.post("/poltava/en/login/", {"method": "diia:diia_id", "next": to})["Location"]
    [(name, request)] = simulator.requests.items()
    assert f"{simulator.url}/app?request={name}" in client.get(there).content.decode()
    form = {"request": name, "person": "olena", "fault": "twice"}
    back = httpx.post(f"{simulator.url}/sign", data=form, trust_env=False).headers["location"]
    assert request.answers == [200, 200]
    assert urlsplit(back).path == there
    assert not parse_qs(urlsplit(back).query)
    assert Person.objects.count() == 1
    assert client.get(there)["Location"].endswith(quote(to, safe=""))
