"""Pictures of projects as small as a card in somebody else's page needs them."""

from io import BytesIO
from uuid import UUID

from PIL import Image

from viche.communities.models import Community
from viche.connectors.website.keeping import kept
from viche.projects.models import Picture

SIZE = (480, 320)


def thumbnail_of(community: Community, reference: UUID) -> bytes | None:
    """A picture of a public project of this body, 480 × 320, as WebP; None where there is none."""
    found = Picture.objects.filter(
        pk=reference, project__community=community, project__published_at__isnull=False
    ).first()
    if found is None or not found.image.storage.exists(found.image.name or ""):
        return None
    return kept("thumbnail", found.pk, found.image.name, draw=lambda: _drawn(found), ending="webp")


def _drawn(picture: Picture) -> bytes:
    with picture.image.open("rb") as file, Image.open(file) as image:
        small = cropped(image.convert("RGB"), SIZE)
    out = BytesIO()
    small.save(out, "WEBP", quality=68, method=4)
    return out.getvalue()


def cropped(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of the picture in this size."""
    width, height = size
    if image.width * height > image.height * width:
        wide = image.height * width // height
        left = (image.width - wide) >> 1
        image = image.crop((left, 0, left + wide, image.height))
    else:
        high = image.width * height // width
        top = (image.height - high) >> 1
        image = image.crop((0, top, image.width, top + high))
    return image.resize(size, Image.Resampling.LANCZOS)
