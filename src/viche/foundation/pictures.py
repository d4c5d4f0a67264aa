"""Pictures as people upload them, made safe: decoded within limits, turned upright, re-encoded as WebP."""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from viche.foundation.refused import Refused

MAX_BYTES = 15_000_000
MAX_PIXELS = 50_000_000
WIDTH = 1600
FORMATS = ("JPEG", "PNG", "WEBP")


def safe_picture(content: bytes, *, longest: int = WIDTH, form: str = "WEBP") -> bytes:
    """The picture as WebP (or JPEG) without metadata, at most ``longest`` pixels on its longer side.

    Refused: picture_too_large (bytes or pixels), not_a_picture (also SVG and renamed files).
    """
    if len(content) > MAX_BYTES:
        raise Refused("picture_too_large", _("The picture is larger than 15 MB."), status=422)
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused("picture_too_large", _("The picture has more than 50 megapixels."), status=422)
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except Image.DecompressionBombError:
        raise Refused(
            "picture_too_large", _("The picture has more than 50 megapixels."), status=422
        ) from None
    # a damaged file makes the decoders raise much besides their own errors
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, LookupError, ArithmeticError):
        raise Refused("not_a_picture", _("This is not a JPEG, PNG or WebP picture."), status=422) from None
    upright.thumbnail((longest, longest))
    out = BytesIO()
    upright.save(out, form, quality=82, **({"method": 2} if form == "WEBP" else {}))
    return out.getvalue()
