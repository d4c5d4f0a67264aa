"""What an author agrees to before a project is published (Law of Ukraine “On Protection of Personal Data”, art. 6;
Civil Code of Ukraine, art. 307 and 308: whoever is shown on a photograph must agree to its publication).
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PUBLICATION, PICTURES = "publication", "pictures"

CONSENTS: Mapping[str, str | Promise] = {
    PUBLICATION: _(
        "I agree that my name and the text of the project are published, and stay so as the regulation says."
    ),
    PICTURES: _(
        "The pictures are mine or I may use them; everybody who can be recognised on them agrees to be published."
    ),
}


def asked_consents(*, has_pictures: bool) -> list[str]:
    """The codes of what has to be agreed to."""
    return [PUBLICATION, PICTURES] if has_pictures else [PUBLICATION]


def is_given(agreed: Mapping[str, Any], code: str) -> bool:
    """Whether the author has agreed; the moment is kept with the code."""
    return bool(agreed.get(code))
