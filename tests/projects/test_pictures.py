"""An uploaded picture is drawn anew: nothing of what came with it stays, and nothing else passes for one."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image
from tests import given

from viche.foundation.pictures import MAX_BYTES, WIDTH, safe_picture
from viche.foundation.refused import Refused


def picture(size=(640, 480), form="JPEG", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#7aa06a").save(out, form, **options)
    return out.getvalue()


def with_gps() -> bytes:
    """A photograph that tells where and with what it was taken, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Samsung", "SM-G991B", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (49.0, 35.0, 18.0), 3: "E", 4: (34.0, 33.0, 5.0)})
    return picture(exif=exif)


def code(content: bytes) -> str:
    with pytest.raises(Refused) as answer:
        safe_picture(content)
    assert answer.value.status == 422
    return answer.value.code


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 99))
        + chunk(b"IEND", b"")
    )


def test_where_it_was_taken_is_gone():
    before = with_gps()
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(0x8825)
    after = safe_picture(before)
    assert b"Samsung" in before
    assert b"Samsung" not in after
    assert b"Exif" not in after
    with Image.open(io.BytesIO(after)) as image:
        assert image.format == "WEBP"
        assert dict(image.getexif()) == {}
        assert image.size == (480, 640), "it stands upright"


def test_a_large_picture_becomes_a_moderate_one():
    with Image.open(io.BytesIO(safe_picture(picture((4000, 2000))))) as image:
        assert image.size == (WIDTH, WIDTH // 2)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_are_taken(form):
    assert safe_picture(picture(form=form))[8:12] == b"WEBP"


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16"])
def test_whatever_the_colours(mode):
    out = io.BytesIO()
    Image.new(mode, (20, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert safe_picture(out.getvalue())[8:12] == b"WEBP"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00", b"MZ\x90\x00 this is a program", b"%PDF-1.7", b"<html><script>alert(1)</script></html>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', b"<svg/>",
        picture(form="GIF"), picture(form="BMP"), picture(form="TIFF"), b"PK\x03\x04" + b"\x00" * 60,
        picture()[:200], picture(form="PNG")[:60], b"\xff\xd8\xff\xe0" + b"MZ" * 400,
    ],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_what_is_no_picture_is_refused_whatever_its_name(content):
    assert code(content) == "not_a_picture"


@pytest.mark.parametrize("size", [(7_100, 7_100), (20_000, 20_000), (60_000, 60_000)])
def test_a_small_file_of_enormous_size_is_refused_before_it_is_unpacked(size):
    assert code(bomb(*size)) == "picture_too_large"


def test_a_file_too_heavy_is_refused_unread():
    assert code(b"\x00" * (MAX_BYTES + 1)) == "picture_too_large"


def test_a_damaged_file_is_refused_or_drawn_but_never_breaks():
    chance, answers = random.Random(7), set()
    for form in ("JPEG", "PNG", "WEBP"):
        whole = picture((40, 40), form=form)
        for _ in range(150):
            damaged = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            end = chance.choice([len(damaged), chance.randint(8, len(damaged))])
            cut = bytes(damaged[:end])
            answer = "drawn"
            try:
                assert safe_picture(cut)[8:12] == b"WEBP"
            except Refused as refused:
                answer = refused.code
            answers.add(answer)
    assert answers <= {"drawn", "not_a_picture", "picture_too_large"}
    assert {"drawn", "not_a_picture"} <= answers


@pytest.mark.django_db
def test_a_projects_pictures_are_the_safe_ones():
    project = given.submitted_project(given.contest(), pictures=[(with_gps(), "Пустир за школою")])
    stored = project.cover
    assert stored.alt == "Пустир за школою"
    assert stored.image.name.endswith(".webp")
    assert b"Exif" not in stored.image.read()


@pytest.mark.django_db
def test_a_bad_picture_keeps_the_project_out_altogether():
    contest = given.contest()
    with pytest.raises(Refused):
        given.submitted_project(contest, pictures=[(picture(), "добра"), (b"<svg/>", "лиха")])
    assert not contest.projects.exists()
