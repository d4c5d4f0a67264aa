"""Legal texts for everybody, their editor, and the consent after identification."""

import pytest

from tests.surfaces.ground import Ground, browser, page, prefix
from viche.foundation import clock
from viche.identity.actions import give_consent
from viche.identity.models import Consent, LegalText
from viche.identity.sessions import PERSON


def site(ground: Ground, rest: str = "") -> str:
    return f"{prefix(ground.poltava)}{rest}"


@pytest.mark.parametrize("name", ["privacy", "cookies", "terms", "accessibility", "consent"])
def test_every_text_of_a_body_and_of_the_platform(ground: Ground, name: str) -> None:
    for address in (site(ground, f"pages/{name}/"), site(ground, f"en/pages/{name}/"), f"/pages/{name}/"):
        answer = browser().get(address)
        assert answer.status_code == 200
        assert "{{" not in answer.content.decode()
        assert len(page(answer).headings) >= 1
    assert ground.poltava.title in page(browser().get(site(ground, "pages/privacy/"))).text


def test_no_cookie_is_set_that_the_page_does_not_name(ground: Ground) -> None:
    client = browser(ground.visitors["resident"])
    for rest in ("", "2026/", "2026/vote/", "my/", "theme/dark/", "en/", "login/", "2026/projects/"):
        client.get(site(ground, rest))
    client.post(site(ground, "2026/vote/"), {"choice": "1"})
    named = client.get(site(ground, "pages/cookies/")).content.decode()
    assert client.cookies
    for cookie in client.cookies:
        assert cookie.partition("-")[0] in named, cookie


class TestConsent:
    def ask(self, ground: Ground) -> str:
        return site(ground, f"my/consents/{ground.poltava.slug}/?next=/poltava/2026/")

    def test_read_and_agreed(self, ground):
        client = browser(ground.visitors["resident"])
        answer = client.get(self.ask(ground))
        assert ground.poltava.title in page(answer).text
        answer = client.post(self.ask(ground), {"act": "agree", "seen": "0", "next": "/poltava/2026/"})
        assert answer["Location"] == "/poltava/2026/"
        assert Consent.objects.get().channel == "online"
        seen = page(client.get(site(ground, "my/consents/"))).text
        assert ground.poltava.title in seen

    def test_who_does_not_agree_is_signed_out(self, ground):
        client = browser(ground.visitors["resident"])
        client.post(self.ask(ground), {"act": "refuse", "seen": "0"})
        assert PERSON not in client.session
        assert not Consent.objects.exists()

    def test_taken_back(self, ground):
        person = ground.visitors["resident"]
        give_consent(person=person, community=ground.poltava, channel="online", seen=0)
        client = browser(person)
        client.post(site(ground, "my/consents/"), {"body": ground.poltava.slug})
        assert Consent.objects.get().withdrawn_at is not None

    def test_it_leads_to_no_other_site(self, ground):
        client = browser(ground.visitors["resident"])
        answer = client.post(self.ask(ground), {"act": "agree", "seen": "0", "next": "https://evil.example/"})
        assert "evil" not in answer["Location"]


class TestEditor:
    def test_looked_at_published_and_read(self, ground):
        client = browser(ground.visitors["administrator"])
        there = site(ground, "office/texts/terms/")
        sent = {"uk": "## Правила {{short}}", "en": "## Rules", "changes": "коротше", "seen": "0"}
        looked = client.post(there, sent | {"act": "look"})
        assert f"Правила {ground.poltava.short_title}" in page(looked).text
        assert not LegalText.objects.exists()
        assert client.post(there, sent | {"act": "publish"}).status_code == 302
        public = page(browser().get(site(ground, "pages/terms/"))).text
        assert f"Правила {ground.poltava.short_title}" in public
        assert "коротше" in public
        older = browser().get(site(ground, "pages/terms/?version=0"))
        assert "CC BY 4.0" in page(older).text

    def test_two_who_write_at_once(self, ground):
        client = browser(ground.visitors["administrator"])
        there = site(ground, "office/texts/terms/")
        sent = {"uk": "А", "en": "A", "changes": "x", "seen": "0", "act": "publish"}
        assert client.post(there, sent).status_code == 302
        answer = client.post(there, sent | {"uk": "Б"})
        assert answer.status_code == 422
        assert "опублікував іншу редакцію" in page(answer).text
        assert "Б" in answer.content.decode()

    @pytest.mark.parametrize("version", ["7", "-1", "x", "99999999"])
    def test_a_version_there_is_not(self, ground, version):
        assert browser().get(site(ground, f"pages/terms/?version={version}")).status_code in {200, 404}
        assert clock.now()
