"""The face of a body: an emblem made safe, an address that dies for nobody."""

from io import BytesIO

import pytest
from PIL import Image
from tests import given

from viche.communities.actions import readdress_community
from viche.communities.emblems import safe_emblem
from viche.communities.models import Community
from viche.foundation.refused import Refused
from viche.journal.models import Entry


def picture(size: tuple[int, int] = (700, 600), form: str = "PNG", mode: str = "RGBA") -> bytes:
    out = BytesIO()
    Image.new(mode, size, (10, 80, 20, 0) if mode == "RGBA" else (10, 80, 20)).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("WEBP", "RGB")])
def test_an_emblem_becomes_a_small_png_and_keeps_what_is_transparent(form, mode):
    with Image.open(BytesIO(safe_emblem(picture(form=form, mode=mode)))) as made:
        assert (made.format, max(made.size)) == ("PNG", 512)
        assert made.getpixel((1, 1))[3] == (0 if mode == "RGBA" else 255)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "svg_refused"),
     (b"GIF89a", "not_an_emblem"),
     (b"", "not_an_emblem"), (picture((20, 20)), "emblem_too_small"),
     (b"\x89PNG" + b"0" * 5_000_001, "emblem_too_large"),
     (picture()[:200], "not_an_emblem"), (picture((6000, 5000), mode="RGB"), "emblem_too_large")],
)  # fmt: skip
def test_what_is_no_emblem_is_refused_in_words(content, code):
    with pytest.raises(Refused) as answer:
        safe_emblem(content)
    assert answer.value.code == code
    assert answer.value.fields["emblem"]


@pytest.mark.django_db
class TestAddress:
    def readdress(self, city: Community, by, **wanted) -> str:
        with pytest.raises(Refused) as answer:
            readdress_community(community=city, by=by, **({"slug": city.slug, "host": ""} | wanted))
        return answer.value.code

    def test_it_changes_before_the_first_contest_and_not_after(self):
        city = given.community()
        viktor = given.official("Віктор", "administrator", city)
        moved = readdress_community(
            community=city, slug="poltava-misto", host="Budget.Poltava.gov.ua", by=viktor
        )
        assert (moved.slug, moved.host) == ("poltava-misto", "budget.poltava.gov.ua")
        assert list(Entry.objects.order_by("-id").values_list("kind", flat=True)[:2]) == [
            "CommunityBranded", "CommunityReaddressed",
        ]  # fmt: skip
        given.contest(moved)
        assert self.readdress(moved, viktor, slug="other") == "slug_fixed"
        assert readdress_community(community=moved, slug="poltava-misto", host="", by=viktor).host is None

    @pytest.mark.parametrize("slug", ["platform", "connect", "office", "1a", "Ї", "a"])
    def test_what_is_no_address(self, slug):
        city = given.community()
        assert self.readdress(city, given.official("Віктор", "administrator", city), slug=slug) == "bad_slug"

    @pytest.mark.parametrize("host", ["https://x.ua/", "x", "a b.ua", "-x.ua", "x.ua:80"])
    def test_what_is_no_domain(self, host):
        city = given.community()
        assert self.readdress(city, given.official("Віктор", "administrator", city), host=host) == "bad_value"

    def test_the_address_and_the_domain_of_another_body_are_taken(self):
        city = given.community()
        given.community(given.LVIV, slug="lviv", host="lviv.example.ua")
        viktor = given.official("Віктор", "administrator", city)
        assert self.readdress(city, viktor, slug="lviv") == "slug_taken"
        assert self.readdress(city, viktor, host="lviv.example.ua") == "host_taken"
        assert self.readdress(city, given.official("Г", "operator", city)) == "not_administrator"
