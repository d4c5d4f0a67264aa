"""Fields that the kinds of registers share."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.connectors.systems.kinds.kind import Field
from viche.connectors.systems.outlet import CERTIFICATES, certificate_problems
from viche.connectors.systems.pointers import is_path, read_xml
from viche.identity.models import Basis

MOST_SECONDS = 2
SIGNS = r"[A-Za-z0-9._~-]+"
CLIENT = re.compile(rf"{SIGNS}(?:/{SIGNS}){{3}}")
SERVICE = re.compile(rf"{SIGNS}(?:/{SIGNS}){{4,5}}")

SERVER = Field(
    "server", gettext_lazy("Address of your security server"), "address",
    help=gettext_lazy("Without a path: https://uxp.kremenchuk.gov.ua"),
)  # fmt: skip
PARTIES = (
    Field(
        "client", gettext_lazy("Your subsystem"), longest=200,
        help=gettext_lazy("Instance/class/member/subsystem: SEVDEIR-TEST/GOV/00022473/VICHE"),
    ),
    Field(
        "service", gettext_lazy("The service"), longest=250,
        help=gettext_lazy("Instance/class/member/subsystem/code, and /version where it has one."),
    ),
)  # fmt: skip
BASIS = Field(
    "basis",
    gettext_lazy("What membership it proves"),
    "choice",
    choices=tuple(Basis.choices),
    first="registered",
)
SECONDS = Field(
    "seconds", gettext_lazy("Seconds to wait for an answer"), "number", first="2", least=1, most=MOST_SECONDS,
    help=gettext_lazy("At most two: a person is waiting. Later the register is asked at the next identification."),
)  # fmt: skip


def places(resident: str, territory: str) -> tuple[Field, ...]:
    """Where the answer says what we ask. resident, territory: the first values."""
    return (
        Field(
            "resident", gettext_lazy("Where the answer says that the person lives here"), first=resident, longest=200,
            help=gettext_lazy("true, 1, yes and “так” mean so; false, 0, no, “ні” and nothing mean not."),
        ),
        Field(
            "territory", gettext_lazy("Where it says the КАТОТТГ code of the settlement"), first=territory,
            is_required=False, longest=200,
            help=gettext_lazy("Empty: the answer is about the whole community."),
        ),
    )  # fmt: skip


JSON_QUESTION = Field(
    "question", gettext_lazy("The question, JSON"), "long",
    first='{"rnokpp": "{tax_number}", "birthDate": "{birth_date}"}',
    help=gettext_lazy("{tax_number}, {birth_date} (2000-12-31) and {community} (КАТОТТГ code) are filled in."),
)  # fmt: skip
XML_QUESTION = Field(
    "question", gettext_lazy("The question, XML"), "long",
    first=(
        '<r:GetResidence xmlns:r="http://register.example/residence">'
        "<r:rnokpp>{tax_number}</r:rnokpp><r:birthDate>{birth_date}</r:birthDate></r:GetResidence>"
    ),
    help=gettext_lazy("{tax_number}, {birth_date} (2000-12-31) and {community} (КАТОТТГ code) are filled in."),
)  # fmt: skip
REST_PATH = Field(
    "path",
    gettext_lazy("Path after the service"),
    is_required=False,
    longest=200,
    help=gettext_lazy("/residence"),
)


def rest_problems(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """What is wrong with the settings of a service that speaks JSON."""
    faults = {**certificate_problems(settings, secrets), **_party_problems(settings)}
    try:
        if not isinstance(json.loads(settings["question"]), dict):
            raise ValueError
    except (ValueError, RecursionError):
        faults["question"] = _("This is no JSON object.")
    for name in ("resident", "territory"):
        if settings[name] and not settings[name].startswith("/"):
            faults[name] = _("A JSON pointer begins with a stroke: /data/isResident")
    path = settings.get("path", "")
    if path and (not path.startswith("/") or any(sign in path for sign in "?#\\ ") or ".." in path):
        faults["path"] = _("A path begins with a stroke: /residence")
    return faults


def soap_problems(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """What is wrong with the settings of a service that speaks SOAP."""
    faults = {**certificate_problems(settings, secrets), **_party_problems(settings)}
    try:
        read_xml(settings["question"].encode())
    except ValueError:
        faults["question"] = _("This is no XML element.")
    for name in ("resident", "territory"):
        if settings[name] and not is_path(settings[name]):
            faults[name] = _("This is no XPath: write //isResident")
    return faults


def _party_problems(settings: Mapping[str, Any]) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    if "client" in settings and not CLIENT.fullmatch(settings["client"]):
        faults["client"] = _("Four parts with strokes between: INSTANCE/CLASS/MEMBER/SUBSYSTEM")
    if "service" in settings and not SERVICE.fullmatch(settings["service"]):
        faults["service"] = _("Five or six parts with strokes between: INSTANCE/CLASS/MEMBER/SUBSYSTEM/CODE")
    return faults


__all__ = [
    "BASIS", "CERTIFICATES", "JSON_QUESTION", "PARTIES", "REST_PATH", "SECONDS", "SERVER", "XML_QUESTION", "places",
    "rest_problems", "soap_problems",
]  # fmt: skip
