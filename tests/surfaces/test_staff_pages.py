"""The officials' pages about their own body: staff, invitations, name and face, first steps, leaving."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests import given
from tests.surfaces.ground import Ground, browser, holder, page, platform_administrator, prefix
from viche.communities.models import Community
from viche.connectors.export.actions import make_export
from viche.connectors.export.queries import latest_export
from viche.foundation.actor import SYSTEM
from viche.identity.actions import grant_office
from viche.identity.models import Invitation, Office
from viche.identity.queries import done_steps, roles_in

CONSOLE = "django.core.mail.backends.console.EmailBackend"


@pytest.fixture
def desk(ground: Ground) -> Client:
    return browser(ground.visitors["administrator"])


def staff(ground: Ground) -> str:
    return f"{prefix(ground.poltava)}office/staff/"


def invite(client: Client, ground: Ground, **facts: str) -> str:
    """Invite, and take the link from the page that shows it once."""
    sent = {"act": "invite", "email": "new@poltava.gov.ua", "role": "reviewer", "unit": "ЖКГ"} | facts
    answer = client.post(staff(ground), sent, follow=True)
    link = re.search(r"http://testserver(/poltava/(?:en/)?invitation/[0-9a-f]{64}/)", answer.content.decode())
    assert link, answer.content.decode()[:3000]
    return link[1]


class TestStaff:
    def test_who_holds_what_and_who_comes_from_above(self, ground, desk):
        region = given.community("UA53000000000028050", slug="oblast")
        grant_office(person=given.person("Роман"), community=region, role="auditor", by=SYSTEM)
        seen = page(desk.get(staff(ground))).text
        assert "Віктор Коваленко" in seen
        assert "Роман Коваленко" in seen
        assert region.title in seen

    def test_the_link_is_shown_once_where_letters_do_not_leave(self, ground, desk, settings):
        settings.EMAIL_BACKEND = CONSOLE
        link = invite(desk, ground)
        assert link not in desk.get(staff(ground)).content.decode()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        answer = desk.post(
            staff(ground), {"act": "invite", "email": "b@poltava.gov.ua", "role": "editor"}, follow=True
        )
        assert "invitation/" not in answer.content.decode()

    def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(self, ground, desk):
        answer = desk.post(
            staff(ground), {"act": "invite", "email": "не адреса", "role": "", "unit": "Відділ спорту"}
        )
        seen = page(answer)
        assert answer.status_code == 422
        assert set(seen.wrong) >= {"email"}
        assert "Відділ спорту" in answer.content.decode()

    def test_an_invitation_is_sent_again_and_withdrawn(self, ground, desk, settings):
        settings.EMAIL_BACKEND = CONSOLE
        first = invite(desk, ground)
        reference = str(Invitation.objects.get().pk)
        again = desk.post(
            staff(ground), {"act": "resend", "invitation": reference}, follow=True
        ).content.decode()
        assert "invitation/" in again
        assert first not in again
        desk.post(staff(ground), {"act": "withdraw", "invitation": reference})
        assert not Invitation.objects.get().is_open
        assert desk.post(staff(ground), {"act": "withdraw", "invitation": "none"}).status_code == 422

    def test_ending_an_office_takes_a_second_look_and_the_last_administrator_stays(self, ground, desk):
        office = Office.objects.get(community=ground.poltava, role="operator")
        address = f"{staff(ground)}end/"
        assert "Галина" in page(desk.get(address, {"office": str(office.pk)})).text
        assert desk.post(address, {"office": str(office.pk)}).status_code == 302
        assert desk.post(address, {"office": str(office.pk)}).status_code == 302  # a double click
        assert desk.get(address, {"office": str(office.pk)}).status_code == 404
        own = Office.objects.get(community=ground.poltava, role="administrator")
        answer = desk.post(address, {"office": str(own.pk)})
        assert answer.status_code == 409
        assert b"last_administrator" in answer.content
        foreign = Office.objects.get(community=ground.lviv, role="administrator")
        assert desk.post(address, {"office": str(foreign.pk)}).status_code == 404

    def test_the_door_is_closed_and_opened(self, ground, desk):
        for act, is_open in (("close", False), ("close", False), ("open", True)):
            assert desk.post(staff(ground), {"act": act}).status_code == 302
            assert Community.objects.get(pk=ground.poltava.pk).inherits_staff is is_open


class TestInvitation:
    @pytest.fixture
    def link(self, ground, desk, settings) -> str:
        settings.EMAIL_BACKEND = CONSOLE
        return invite(desk, ground)

    def test_whoever_is_not_identified_sees_what_is_offered_and_comes_back(self, link):
        client = browser()
        seen = page(client.get(link)).text
        assert "new@poltava.gov.ua" in seen
        assert "Віктор Коваленко" in seen
        answer = client.post(link, {"act": "accept"})
        assert answer.status_code == 302
        assert "invitation" in answer["Location"]
        assert "/login/" in answer["Location"]
        assert answer["Cache-Control"] == "no-store"

    def test_accepted_the_inviter_sees_by_whom(self, ground, desk, link):
        taras = ground.visitors["outsider"]
        client = browser(taras)
        assert "Тарас" in page(client.get(link)).text
        for _click in range(2):
            assert client.post(link, {"act": "accept"}).status_code == 302
        assert roles_in(taras, ground.poltava) == {"reviewer"}
        assert client.get(f"{prefix(ground.poltava)}office/").status_code == 200
        assert taras.display_name in page(desk.get(staff(ground))).text
        answer = browser(ground.visitors["resident"]).get(link)
        assert answer.status_code == 410
        assert b"used" in answer.content

    def test_not_meant_for_me(self, ground, desk, link):
        assert browser().post(link, {"act": "decline"}).status_code == 302
        assert browser().get(link).status_code == 410
        assert Invitation.objects.get().declined_at is not None
        assert desk.get(staff(ground)).status_code == 200

    def test_the_link_of_one_body_opens_nothing_in_another(self, ground, link):
        assert browser().get(link.replace("/poltava/", prefix(ground.lviv))).status_code == 404


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 300), "navy").save(out, "PNG")
    return out.getvalue()


class TestFace:
    def test_name_colour_emblem_and_contacts_are_changed_each_by_its_button(self, ground, desk):
        address = f"{prefix(ground.poltava)}office/face/"
        names = {"name_uk": "Полтава", "name_en": "Poltava", "short_uk": "Полтава", "short_en": "Poltava"}
        assert desk.post(address, {"act": "name", **names}).status_code == 302
        emblem = SimpleUploadedFile("герб.png", picture(), "image/png")
        assert desk.post(address, {"act": "look", "colour": "0D4F6B", "emblem": emblem}).status_code == 302
        contacts = {
            "slug": "other",
            "host": "",
            "contact_email": "b@poltava.example",
            "website": "poltava.example",
        }
        assert desk.post(address, {"act": "address", **contacts}).status_code == 302
        city = Community.objects.get(pk=ground.poltava.pk)
        assert (city.title, city.brand_colour, city.contact_email) == (
            "Полтава",
            "#0d4f6b",
            "b@poltava.example",
        )
        assert city.slug == "poltava"  # a contest was announced under it
        assert Path(city.emblem.path).exists()

    def test_svg_is_refused_in_words_and_what_was_typed_stays(self, ground, desk):
        drawing = SimpleUploadedFile(
            "герб.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"
        )
        answer = desk.post(
            f"{prefix(ground.poltava)}office/face/", {"act": "look", "colour": "#123456", "emblem": drawing}
        )
        assert answer.status_code == 422
        assert "SVG" in page(answer).text
        assert "#123456" in answer.content.decode()

    def test_the_contrast_of_a_colour_is_shown_before_it_is_kept(self, ground, desk):
        address = f"{prefix(ground.poltava)}office/face/"
        bright, dark = (desk.get(address, {"colour": colour}) for colour in ("#ffe000", "#0d4f6b"))
        assert "4,5" in page(bright).text or "4.5" in page(bright).text
        assert "#ffe000" in page(bright).text
        assert page(bright).text != page(dark).text
        sheet = desk.get(f"{address}sample.css", {"colour": "#ffe000"})
        assert sheet["Content-Type"].startswith("text/css")
        assert "--sample-brand:" in sheet.content.decode()
        assert "}" not in desk.get(f"{address}sample.css", {"colour": "red;}"}).content.decode().replace(
            "{\n}", ""
        )


class TestBeginning:
    def test_five_steps_that_survive_leaving(self, ground):
        lviv = ground.lviv
        zoriana = browser(ground.visitors["foreign administrator"])
        address = f"{prefix(lviv)}office/begin/"
        names = {"name_uk": "Львів", "name_en": "Lviv", "short_uk": "Львів", "short_en": "Lviv"}
        answer = zoriana.post(address, {"act": "name", **names})
        assert answer["Location"].endswith("begin/?step=look")
        assert zoriana.post(address, {"act": "name", "name_uk": ""}).status_code == 422
        # another day, another browser: it goes on where it stopped
        again = browser(ground.visitors["foreign administrator"])
        assert 'value="look"' in again.get(address).content.decode()
        again.post(address, {"act": "look", "colour": ""})
        again.post(address, {"act": "address", "slug": lviv.slug, "host": ""})
        answer = again.post(address, {"act": "staff", "email": "second@lviv.gov.ua", "role": "administrator"})
        assert answer["Location"].endswith("?step=contest")
        assert done_steps(lviv) == {"name", "look", "address", "staff"}
        assert Invitation.objects.get().community == lviv

    def test_a_new_address_leads_on_under_the_new_address(self, ground):
        fresh = given.community("UA53080470000053547", slug="shcherbani")
        client = browser(holder("Зоряна", "administrator", fresh))
        answer = client.post(
            "/shcherbani/office/begin/", {"act": "address", "slug": "shcherbanivska", "host": ""}
        )
        assert answer["Location"] == "/shcherbanivska/office/begin/?step=staff"
        assert client.get(answer["Location"]).status_code == 200

    def test_alone_for_now(self, ground, desk):
        answer = desk.post(f"{prefix(ground.poltava)}office/begin/", {"act": "staff", "skip": "1"})
        assert answer.status_code == 302
        assert not Invitation.objects.exists()


class TestLeaving:
    def test_not_while_a_contest_runs(self, ground, desk):
        address = f"{prefix(ground.poltava)}office/leaving/"
        assert ground.voting.name in page(desk.get(address)).text
        answer = desk.post(address, {"act": "ask", "decision": "№ 1"})
        assert answer.status_code == 422
        assert ground.voting.name in page(answer).text

    def test_an_archive_is_taken_only_once_another_official_agreed(self, ground, settings, tmp_path):
        settings.EXPORTS_DIR = tmp_path
        fresh = given.community("UA53080470000053547", slug="shcherbani")
        zoriana, nazar = (
            browser(holder("Зоряна", "administrator", fresh, serial=77)),
            browser(platform_administrator()),
        )
        address = "/shcherbani/office/leaving/"
        zoriana.post(address, {"act": "export"})
        make_export(export=latest_export(fresh))
        for client, file in (
            (zoriana, f"{address}archive.zip"),
            (nazar, "/platform/bodies/shcherbani/archive.zip"),
        ):
            answer = client.get(file)
            assert answer.status_code == 409
            assert b"second_needed" in answer.content
        assert zoriana.post(address, {"act": "agree"}).status_code == 403
        assert nazar.post("/platform/bodies/shcherbani/", {"act": "agree"}).status_code == 302
        assert nazar.post("/platform/bodies/shcherbani/", {"act": "agree"}).status_code == 302
        assert zoriana.get(f"{address}archive.zip").status_code == 200

    def test_asked_confirmed_downloaded_and_brought_back(self, ground, settings, tmp_path):
        settings.EXPORTS_DIR = tmp_path
        fresh = given.community("UA53080470000053547", slug="shcherbani")
        zoriana = browser(holder("Зоряна", "administrator", fresh, serial=77))
        nazar = browser(platform_administrator())
        address = "/shcherbani/office/leaving/"
        assert zoriana.post(address, {"act": "ask", "decision": " "}).status_code == 422
        assert zoriana.post(address, {"act": "ask", "decision": "№ 12 від 01.04.2026"}).status_code == 302
        assert zoriana.post(address, {"act": "confirm"}).status_code == 403
        assert "№ 12" in page(nazar.get("/platform/")).text
        assert nazar.post("/platform/bodies/shcherbani/", {"act": "confirm"}).status_code == 302
        make_export(export=latest_export(fresh))
        for client, file in (
            (zoriana, f"{address}archive.zip"),
            (nazar, "/platform/bodies/shcherbani/archive.zip"),
        ):
            answer = client.get(file)
            assert answer["Content-Type"] == "application/zip"
            assert b"".join(answer.streaming_content)[:2] == b"PK"
        stranger = browser(ground.visitors["administrator"])
        assert stranger.get(f"{address}archive.zip").status_code == 403
        # in the search it stays, marked; in the list of bodies it does not
        found = page(browser().get("/", {"q": "Щербанівська"}))
        assert "/shcherbani/" in found.own_links
        assert "/shcherbani/" not in page(browser().get("/")).own_links
        assert zoriana.post("/shcherbani/office/staff/", {"act": "close"}).status_code == 409
        assert nazar.post("/platform/bodies/shcherbani/", {"act": "restore"}).status_code == 302
        assert zoriana.post("/shcherbani/office/staff/", {"act": "close"}).status_code == 302
