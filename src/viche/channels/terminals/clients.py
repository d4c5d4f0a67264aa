"""Clients of a partner: the number they are known by, and what they are told where nobody knows it."""

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.providers import TaxNumberError, parse_tax_number


@sensitive_variables("number")
def checked_number(number: str) -> str:
    """The ten digits of a tax number. Refused: bad_number."""
    try:
        return parse_tax_number(number, today=clock.now().astimezone(clock.KYIV).date()).number
    except TaxNumberError:
        message = _("This is no tax number: ten digits, the last of which is a check digit.")
        raise Refused("bad_number", message, fields={"tax_number": message}, status=422) from None


def not_on_register(community: Community) -> Refused:
    """Nobody of this number is known."""
    said = _(
        "Nobody with this tax number is on the register of %s. Identify once on the site of the community or come to "
        "the service centre with your passport."
    )
    return Refused("not_on_register", said % community.title, status=403)
