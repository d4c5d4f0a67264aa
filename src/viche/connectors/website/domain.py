"""A body's own domain: what the proxy asks before it gets a certificate, and what is still missing until it works."""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.http.request import validate_host
from django.utils.translation import gettext as _

from viche.communities.queries import community_by_host
from viche.foundation import keys
from viche.foundation.outgoing import Unreachable, ask, examine

TIMEOUT = 10
ASK = "health/domain"


def is_ours(host: str) -> bool:
    """Whether a certificate may be had for the host: one of the installation's own, or a connected body's."""
    host = host.strip().lower().rstrip(".")
    if not host or len(host) > 253 or not host.isprintable() or "\x00" in host:
        return False
    exact = [
        each for each in (*settings.KNOWN_HOSTS, *settings.PLATFORM_HOSTS) if not each.startswith((".", "*"))
    ]
    return validate_host(host, exact) or is_answered(host)


def is_answered(host: str) -> bool:
    """Whether a body's domain works already: listed by the operator, or trusted at once (OWN_DOMAINS_AT_ONCE)."""
    is_trusted = settings.OWN_DOMAINS_AT_ONCE or validate_host(host, settings.KNOWN_HOSTS)
    return is_trusted and community_by_host(host) is not None


def mark_of(host: str) -> str:
    """What this installation, and no other, answers for the host."""
    return (
        "viche " + hmac.digest(keys.room_key("website"), f"domain|{host}".encode(), hashlib.sha256).hex()[:32]
    )


@dataclass(frozen=True)
class Finding:
    """One thing that has to hold. is_good: None where it could not be looked at yet."""

    title: str
    is_good: bool | None
    said: str


def records_for(host: str) -> list[tuple[str, str, str]]:
    """(name, kind, value) of the DNS records to make."""
    target = settings.PLATFORM_HOSTS[0].strip("[]").lstrip(".")
    records = [(host, "CNAME", f"{target}.")]
    # a domain's apex takes no CNAME
    records += [(host, "AAAA" if ":" in address else "A", address) for address in settings.PUBLIC_ADDRESSES]
    return records


def domain_findings(host: str, *, address: str = "") -> list[Finding]:
    """Look whether the domain leads here and has its certificate; at most TIMEOUT seconds, nothing is written.

    address: of the site under the domain, where it is not https at its usual port.
    """
    address = (address or f"https://{host}").rstrip("/")
    titles = _("The name is known"), _("It leads to this server"), _("It has its certificate")
    try:
        examine(f"{address}/")
    except Unreachable as fault:
        return [Finding(titles[0], False, str(fault)), *(Finding(each, None, "") for each in titles[1:])]
    known = Finding(titles[0], True, _("The name servers answer."))
    try:
        answer = ask("GET", f"{address}/{ASK}?domain={host}", timeout=TIMEOUT, most_bytes=10_000, cuts=True)
    except Unreachable as fault:
        if fault.code == "tls":
            said = _(
                "The server shows no certificate for this name yet; the proxy gets one at the first visit."
            )
            return [known, Finding(titles[1], None, ""), Finding(titles[2], False, said)]
        return [known, Finding(titles[1], False, str(fault)), Finding(titles[2], None, "")]
    has_certificate = Finding(titles[2], True, _("The browser trusts it."))
    if answer.status != 200 or answer.body.strip().decode(errors="replace") != mark_of(host):
        said = _("Another server answers under this name: look at the records above.")
        return [known, Finding(titles[1], False, said), has_certificate]
    return [known, Finding(titles[1], True, _("We answer under this name.")), has_certificate]
