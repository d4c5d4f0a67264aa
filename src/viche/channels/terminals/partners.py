"""What may be asked of a partner's state, in words for its machines and for officials."""

import hashlib
from ipaddress import ip_address, ip_network

from django.utils.translation import gettext as _

from viche.channels.terminals.models import Partner, PartnerState
from viche.contests.events import moment_text
from viche.foundation import clock
from viche.foundation.refused import Refused


def why_partner_refused(partner: Partner) -> Refused | None:
    """Why this partner may not bring ballots now; None where it may. Codes: partner_stopped, partner_window."""
    if partner.state != PartnerState.ACTIVE:
        return Refused(
            "partner_stopped", _("Voting at these terminals is stopped. Vote another way."), status=403
        )
    now = clock.now()
    if partner.from_at is not None and now < partner.from_at:
        said = _("These terminals take ballots from %s.") % moment_text(partner.from_at.isoformat())
        return Refused("partner_window", said, status=403)
    if partner.to_at is not None and partner.to_at <= now:
        said = _("These terminals took ballots until %s.") % moment_text(partner.to_at.isoformat())
        return Refused("partner_window", said, status=403)
    return None


def is_address_allowed(partner: Partner, address: str) -> bool:
    """Whether a machine at this IP address may speak for the partner; any where none are named."""
    if not partner.addresses:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network) for network in partner.addresses)


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of a public key, hex: what two people compare."""
    return hashlib.sha256(bytes(public_key)).hexdigest()
