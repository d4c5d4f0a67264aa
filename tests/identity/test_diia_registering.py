"""viche diia: the branch and the offer of Diia.Signature are made once, by somebody of the site."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from viche.identity.providers.diia.simulator import DiiaSimulator
from viche.identity.providers.diia.simulator.server import ACQUIRER, AUTHORIZATION, BRANCH, OFFER
from viche.identity.providers.kep.simulator import KepSimulator
from viche.identity.providers.simulation import running

WHOSE = {
    "name": "Бюджет участі", "email": "budget@example.org", "full_name": "Полтавська міська рада",
    "full_address": "36000, Україна, м. Полтава, вул. Соборності, 36", "region": "Полтавська обл.",
    "district": "Полтавський р-н", "location": "м. Полтава", "street": "вул. Соборності", "house": "36",
}  # fmt: skip


@pytest.fixture(scope="module")
def kep():
    with running(KepSimulator()) as server:
        yield server


@pytest.fixture
def simulator(kep, settings):
    with running(DiiaSimulator(authority=kep.authority)) as server:
        settings.IDENTITY_ENVIRONMENT = {
            "DIIA_URL": server.url, "DIIA_ACQUIRER_TOKEN": ACQUIRER, "DIIA_AUTHORIZATION": AUTHORIZATION,
        }  # fmt: skip
        yield server


def told(**options: str) -> str:
    out = StringIO()
    call_command("diia", stdout=out, return_url="http://localhost:8000/", **options)
    return out.getvalue()


def test_both_are_made_and_told_as_settings(simulator):
    assert told(**WHOSE).split() == [f"DIIA_BRANCH_ID={BRANCH}", f"DIIA_OFFER_ID={OFFER}"]


def test_a_branch_that_is_there_gets_its_offer(simulator, settings):
    settings.IDENTITY_ENVIRONMENT["DIIA_BRANCH_ID"] = BRANCH
    assert told(name="Бюджет участі").split() == [f"DIIA_BRANCH_ID={BRANCH}", f"DIIA_OFFER_ID={OFFER}"]


def test_never_twice(simulator, settings):
    settings.IDENTITY_ENVIRONMENT |= {"DIIA_BRANCH_ID": BRANCH, "DIIA_OFFER_ID": OFFER}
    with pytest.raises(CommandError, match="made already"):
        told(**WHOSE)


def test_what_is_missing_is_named(simulator):
    with pytest.raises(CommandError, match="missing: --full-name, --house"):
        told(**{**WHOSE, "full_name": " ", "house": ""})


def test_a_partner_without_the_right_to_signatures(simulator):
    simulator.fault = "forbidden"
    with pytest.raises(CommandError, match="HTTP 403") as caught:
        told(**WHOSE)
    assert [each for each in (ACQUIRER, AUTHORIZATION) if each in str(caught.value)] == []


def test_settings_that_cannot_be_used(settings):
    settings.IDENTITY_ENVIRONMENT = {"DIIA_URL": "http://api2s.diia.gov.ua"}
    with pytest.raises(CommandError, match=r"https.*DIIA_ACQUIRER_TOKEN"):
        told(**WHOSE)
