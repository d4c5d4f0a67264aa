"""The four ways to a register of residents."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.connectors.systems.calls import NeighbourDown, NeighbourFault
from viche.connectors.systems.kinds.kind import Field, Finding, Kind, Thresholds
from viche.connectors.systems.kinds.residents import fields
from viche.connectors.systems.kinds.residents.asking import Asker, Question, ask_register
from viche.connectors.systems.kinds.residents.rest import ask_plain, ask_trembita, ask_xroad
from viche.connectors.systems.kinds.residents.soap import NAMESPACES, ask_soap
from viche.connectors.systems.models import System
from viche.foundation.outgoing import Unreachable

# well formed, of nobody: born on 1 January 1900
NOBODY = "0000100004"
QUICK = Thresholds(failures=3, pause=30, longest=900, trial=10)
USE = gettext_lazy(
    "Who identifies is asked about in the register of residents, so that nobody has to bring a paper."
)


def try_register(system: System) -> Finding:
    """Ask about nobody: any agreed answer will do."""
    question = Question(
        NOBODY, None, system.community.territory_id, seconds=int(system.settings["seconds"] or 2)
    )
    try:
        said = ask_register(system, question)
    except (NeighbourDown, NeighbourFault, Unreachable) as fault:
        return Finding(False, str(fault), _numbered(getattr(fault, "reference", "")))
    words = (
        _("It answered: somebody with a made-up number does not live here.")
        if not said.is_resident
        else _(
            "It answered, but says that somebody with a made-up number lives here: look at the place of the answer."
        )
    )
    return Finding(not said.is_resident, words, _numbered(said.reference))


def _numbered(reference: str) -> list[tuple[str, str]]:
    return [(_("Number of the call in its own log"), reference)] if reference else []


def _kind(name: str, title: object, own: tuple[Field, ...], *, is_soap: bool = False) -> Kind:
    shared = (fields.BASIS, fields.SECONDS, *fields.CERTIFICATES)
    problems = fields.soap_problems if is_soap else fields.rest_problems
    return Kind(
        name, title, USE, (*own, *shared), try_register, icon="users-round", simulator="register", thresholds=QUICK,
        problems=problems, is_single=True,
    )  # fmt: skip


TREMBITA = (
    Field(
        "purposes", gettext_lazy("Purposes of processing (Uxp-Purpose-Ids)"), is_required=False, longest=200,
        help=gettext_lazy("Codes of the register of purposes, with commas between."),
    ),
    Field(
        "is_subject_named", gettext_lazy("Send the tax number as Uxp-Subject-Id"), "flag", first=True,
        help=gettext_lazy("So the person sees the question in the state’s monitoring of access to personal data."),
    ),
)  # fmt: skip
NAMESPACE = Field(
    "namespace", gettext_lazy("Namespace of the header"), "choice", choices=tuple((each, each) for each in NAMESPACES),
    first=NAMESPACES[0],
)  # fmt: skip
USER = Field("user", gettext_lazy("userId of the header"), is_required=False, first="viche", longest=60)
TOKEN = Field("token", gettext_lazy("Token (Authorization: Bearer)"), "secret", is_required=False)
ADDRESS = Field("server", gettext_lazy("Address of the service"), "address")
IN_JSON = fields.places("/data/isResident", "/data/katottg")
IN_XML = fields.places("//isResident", "//katottg")

KINDS = (
    _kind(
        "register-trembita", gettext_lazy("Register of residents: Trembita, REST"),
        (fields.SERVER, *fields.PARTIES, *TREMBITA, fields.REST_PATH, fields.JSON_QUESTION, *IN_JSON),
    ),
    _kind(
        "register-trembita-soap", gettext_lazy("Register of residents: Trembita, SOAP"),
        (fields.SERVER, *fields.PARTIES, NAMESPACE, USER, fields.XML_QUESTION, *IN_XML), is_soap=True,
    ),
    _kind(
        "register-xroad", gettext_lazy("Register of residents: X-Road, REST"),
        (fields.SERVER, *fields.PARTIES, fields.REST_PATH, fields.JSON_QUESTION, *IN_JSON),
    ),
    _kind(
        "register-plain", gettext_lazy("Register of residents: a service of the body"),
        (ADDRESS, TOKEN, fields.JSON_QUESTION, *IN_JSON),
    ),
)  # fmt: skip
ASKERS: dict[str, Asker] = {
    "register-trembita": ask_trembita,
    "register-trembita-soap": ask_soap,
    "register-xroad": ask_xroad,
    "register-plain": ask_plain,
}
