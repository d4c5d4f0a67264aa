"""Scene: people who show a document to belong, waiting and decided, and a register of the village hromada."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from uuid import NAMESPACE_URL, uuid5

from PIL import Image, ImageDraw

from viche.communities.models import Community, Territory
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.identity.actions import (
    Proof,
    grant_request,
    identify_person,
    import_register,
    prepare_register,
    refuse_request,
    submit_request,
)
from viche.identity.models import ProofRequest
from viche.identity.providers import VerifiedClaims, make_tax_number
from viche.identity.queries import actor_of


@dataclass(frozen=True)
class _Ask:
    """One request. days: how long ago it was sent; end: "", "grant" or "refuse"."""

    family_name: str
    given_name: str
    basis: str
    evidence: str
    number: str
    days: int
    end: str = ""
    reason: str = ""
    months: int = 0


ASKS = (
    _Ask("Ткаченко", "Оксана", "displaced", "displaced-certificate", "5301-7700123", 6),
    _Ask("Мороз", "Артем", "study", "study-certificate", "214/03", 4),
    _Ask("Лисенко", "Дарина", "work", "employment-certificate", "88-к", 2),
    _Ask("Поліщук", "Ігор", "displaced", "displaced-certificate", "5301-7700456", 1),
    _Ask("Кравець", "Світлана", "work", "employment-certificate", "15", 9, end="grant", months=12),
    _Ask("Бойко", "Роман", "study", "study-certificate", "97", 8, end="refuse",
         reason="На довідці немає печатки закладу. Надішліть, будь ласка, фото оригіналу."),
)  # fmt: skip

VILLAGERS = 240


def stage(bodies: Mapping[str, Community], officials: Mapping[str, Sequence[Actor]]) -> None:
    """Requests in the city, a register in the hromada; by the keys of the seeder ("poltava", "machukhy").

    officials: for each key actors of whom one is an operator or administrator there. Run once, at the moment of now.
    """
    if (city := bodies.get("poltava")) is not None:
        for place, ask in enumerate(ASKS):
            _stage_request(city, ask, place, _one(officials.get("poltava", ()), "operator", "administrator"))
    administrator = _one(officials.get("machukhy", ()), "administrator")
    if (hromada := bodies.get("machukhy")) is not None and administrator is not None:
        _stage_register(hromada, administrator)


def _one(actors: Sequence[Actor], *roles: str) -> Actor | None:
    """The first who may decide."""
    return next((each for each in actors if each.roles & set(roles)), None)


def _stage_request(city: Community, ask: _Ask, place: int, by: Actor | None) -> ProofRequest:
    moment = clock.now()
    with clock.at(moment - timedelta(days=ask.days)):
        number = make_tax_number(date(1984 + place, 3, 5 + place), "female", 6000 + place * 2).number
        person = identify_person(
            claims=VerifiedClaims(
                "isei", "dig_sign", number, ask.family_name, ask.given_name, "", None, "demonstration"
            )
        )
        proof = Proof(
            basis=ask.basis, evidence=ask.evidence, document_number=ask.number, territory=city.territory,
            key=uuid5(NAMESPACE_URL, f"viche/demo/{city.code}/{ask.number}/{moment.isoformat()}"),
            document_date=clock.now().date() - timedelta(days=20), files=[("довідка.png", _paper(ask))],
        )  # fmt: skip
        request = submit_request(person=person, community=city, proof=proof, by=actor_of(person, city))
    if ask.end and by is not None:
        with clock.at(moment - timedelta(days=ask.days - 1)):
            if ask.end == "grant":
                ends_on = clock.now().date() + timedelta(days=30 * ask.months) if ask.months else None
                grant_request(request=request, by=by, ends_on=ends_on)
            else:
                refuse_request(request=request, reason=ask.reason, by=by)
    return request


def _paper(ask: _Ask) -> bytes:
    """A sheet that is evidently none of anybody: lines and the number."""
    sheet = Image.new("RGB", (620, 877), "#fffdf6")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((40, 40, 580, 837), outline="#556677", width=3)
    pen.text((80, 90), f"DEMO  No {ask.number}".encode("ascii", "replace").decode(), fill="#223344")
    for line in range(150, 700, 36):
        pen.line((80, line, 540 - line % 90, line), fill="#b8c0c8", width=6)
    pen.ellipse((380, 690, 500, 810), outline="#3355aa", width=5)
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _stage_register(hromada: Community, by: Actor) -> None:
    """The hromada's register of residents, every number invented."""
    settlements = Territory.objects.filter(path__startswith=hromada.territory.path, category="C").order_by(
        "code"
    )
    codes = [each.code for each in settlements]
    lines = []
    for place in range(VILLAGERS):
        born = date(1950, 1, 1) + timedelta(days=97 * place)
        number = make_tax_number(born, "female" if place % 2 else "male", 7000 + place).number
        lines.append(f"{number};{codes[place % len(codes)]};registered")
    preview = prepare_register(community=hromada, content="\n".join(lines).encode(), by=by)
    if preview.draft is not None:
        import_register(community=hromada, digest=preview.draft.digest, by=by)
