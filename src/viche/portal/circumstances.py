"""What the site sees around a vote cast in a browser: for the integrity desk, sealed with the mark (ballots.traces).

The device is known by a random cookie that is set when a ballot is cast and by nothing else: the browser is not
measured. Who deletes it is a new device.
"""

import re
import secrets

from django.http import HttpRequest, HttpResponse

from viche.ballots.traces import Circumstances
from viche.foundation import cookies
from viche.portal.views.contact import client_address

COOKIE = "device"
SECONDS = 60 * 24 * 3600
_SECRET = re.compile(r"[0-9a-f]{32}")


def device_of(request: HttpRequest) -> str:
    """The secret of this browser's cookie, a new one where it has none."""
    kept = cookies.read(request, COOKIE)
    return kept if _SECRET.fullmatch(kept) else secrets.token_hex(16)


def keep_device(response: HttpResponse, device: str) -> None:
    cookies.keep(response, COOKIE, device, seconds=SECONDS)


def circumstances_of(request: HttpRequest, device: str) -> Circumstances:
    """Address, device and browser of whoever casts, and who vouched for them."""
    said = f"{request.headers.get('User-Agent', '')}|{request.headers.get('Accept-Language', '')}"
    return Circumstances(
        address=client_address(request), device=device, agent=said if said != "|" else "",
        issuer=request.visitor.issuer,  # type: ignore[attr-defined]
    )  # fmt: skip
