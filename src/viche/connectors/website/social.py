"""The picture that stands for a page where its address is shared: 1200 × 630, in the body's colour, with its emblem."""

from dataclasses import astuple, dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, UnidentifiedImageError

from viche.communities.models import Community
from viche.connectors.website.keeping import kept
from viche.connectors.website.lettering import fitted, write
from viche.connectors.website.thumbnails import cropped
from viche.foundation.colours import ON_DEEP, palette

SIZE = WIDTH, HEIGHT = 1200, 630
EDGE, PICTURE = 64, 460
# each size with as many lines as leave room for what stands below
TITLE = ((64, 3), (56, 3), (48, 4), (42, 4))
OWN = "#0d4f6b"
ACCENT = "#e3ab2f"
# anything drawn otherwise is drawn anew
EDITION = 1


@dataclass(frozen=True)
class Card:
    """What is written on the picture. label: above the title; figure: large below it; note: beside or below that."""

    body: str
    title: str
    label: str = ""
    figure: str = ""
    note: str = ""


def picture_of(community: Community, card: Card, picture: Any = None) -> bytes:
    """The picture as JPEG, drawn once for each content. picture: of the project, a stored file."""
    parts = (
        EDITION,
        *astuple(card),
        community.brand_colour,
        community.emblem.name,
        getattr(picture, "name", ""),
    )
    return kept("social", *parts, draw=lambda: _drawn(community, card, picture), ending="jpg")


def _opened(file: Any) -> Image.Image | None:
    """A stored picture; None where it is gone or no picture."""
    if not file or not file.storage.exists(file.name):
        return None
    try:
        with file.open("rb") as content, Image.open(content) as image:
            return image.convert("RGBA")
    except (UnidentifiedImageError, OSError):
        return None


def _drawn(community: Community, card: Card, picture: Any) -> bytes:
    ground = palette(community.brand_colour or OWN)["deep"]
    image = Image.new("RGB", SIZE, ground)
    canvas = ImageDraw.Draw(image)
    width = WIDTH - 2 * EDGE
    if (photo := _opened(picture)) is not None:
        image.paste(cropped(photo.convert("RGB"), (PICTURE, HEIGHT)), (WIDTH - PICTURE, 0))
        width -= PICTURE
    canvas.rectangle((0, HEIGHT - 14, WIDTH, HEIGHT), fill=ACCENT)
    _head(image, canvas, community, card, width)
    _text(canvas, card, width)
    out = BytesIO()
    image.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def _head(
    image: Image.Image, canvas: ImageDraw.ImageDraw, community: Community, card: Card, width: int
) -> None:
    """Emblem and name of the body."""
    left = EDGE
    if (emblem := _opened(community.emblem)) is not None:
        emblem.thumbnail((72, 72))
        image.paste(emblem, (EDGE, 52 + ((72 - emblem.height) >> 1)), emblem)
        left += emblem.width + 20
    room = width - (left - EDGE)
    size, lines = fitted(card.body, sizes=((32, 1), (28, 1), (24, 1)), weight=600, width=room)
    write(canvas, (left, 99), lines[0] if lines else "", size=size, weight=600, colour=ON_DEEP[0])


def _text(canvas: ImageDraw.ImageDraw, card: Card, width: int) -> None:
    y = 196
    if card.label:
        _size, lines = fitted(card.label, sizes=((28, 1), (25, 1)), weight=500, width=width)
        write(canvas, (EDGE, y), lines[0], size=_size, weight=500, colour=ACCENT)
    size, lines = fitted(card.title, sizes=TITLE, weight=700, width=width)
    y += 22 + size
    for text in lines:
        write(canvas, (EDGE, y), text, size=size, weight=700, colour=ON_DEEP[0])
        y += size * 118 // 100
    foot = HEIGHT - 62
    if card.note:
        small, said = fitted(card.note, sizes=((28, 1), (25, 1), (22, 1)), weight=450, width=width)
        write(canvas, (EDGE, foot), said[0], size=small, weight=450, colour=ON_DEEP[1])
        foot -= 50
    if card.figure:
        write(canvas, (EDGE, foot), card.figure, size=46, weight=700, colour=ON_DEEP[0])
