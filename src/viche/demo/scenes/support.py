"""Scene: a hromada whose contest collects signatures; some projects have enough and are under review, most go on."""

from datetime import date, datetime, timedelta
from typing import Any

from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.actions import identify_person
from viche.identity.models import Person
from viche.identity.providers import Address, VerifiedClaims, make_tax_number
from viche.identity.queries import actor_of
from viche.projects.actions import sign_project
from viche.projects.models import Project, State

NEEDED = 10
GIVEN = (
    "Галина",
    "Петро",
    "Олександра",
    "Іван",
    "Катерина",
    "Тарас",
    "Ніна",
    "Юрій",
    "Алла",
    "Денис",
    "Віра",
    "Гнат",
)
FAMILY = ("Мороз", "Білик", "Хоменко", "Сердюк", "Пономар", "Лебідь", "Коваль", "Панченко", "Зінченко", "Удовенко",
          "Супрун", "Чуб")  # fmt: skip

PROCEDURE: dict[str, Any] = {
    "support": {"threshold": {"*": NEEDED}, "days": 30, "withdrawal": True, "signatories": "initials"},
    "review": [
        {
            "id": "merits", "name": {"uk": "Розгляд по суті", "en": "Review on the merits"},
            "body": {"uk": "Комісія з питань бюджету участі", "en": "Commission of the participatory budget"},
            "days": 20, "day_kind": "working", "outcomes": ["admit", "admit-with-correction", "return", "reject"],
            "correction_days": 5, "checks": ["competence", "land", "cost", "maintenance"],
        }
    ],
    "appeal": {
        "body": {"uk": "Комісія з питань бюджету участі", "en": "Commission of the participatory budget"}, "days": 5,
    },
}  # fmt: skip
"""What the hromada's regulation has beside the demo's common rules."""


def stage(contest: Contest, *, locality: str) -> int:
    """Let residents sign the projects that collect support, each another number of them; how many signatures."""
    people = [_resident(place, locality) for place in range(len(GIVEN))]
    now, made = clock.now(), 0
    projects = Project.objects.filter(contest=contest, state=State.SIGNING).order_by("number")
    for place, project in enumerate(projects):
        project.contest = contest
        begun = project.published_at or now
        wanted = NEEDED if place % 5 == 1 else (place * 3 + 2) % NEEDED
        for number, person in enumerate(people[:wanted], start=1):
            with clock.at(_moment(begun, now, number, wanted)):
                sign_project(
                    project=project,
                    person=person,
                    by=actor_of(person, contest.community),
                    method="isei:bank_id",
                )
            made += 1
    return made


def _moment(begun: datetime, now: datetime, number: int, wanted: int) -> datetime:
    """The signatures spread evenly between the publication and now."""
    return begun + (now - begun) * number // (wanted + 1)


def _resident(place: int, locality: str) -> Person:
    number = make_tax_number(
        date(1958, 6, 1) + timedelta(days=place * 1013), "female", 3600 + place * 2
    ).number
    return identify_person(
        claims=VerifiedClaims(
            provider="isei", method="bank_id", tax_number=number, family_name=FAMILY[place], given_name=GIVEN[place],
            patronymic="", address=Address(region="Полтавська", locality=locality, text=""), issuer="demo",
        )
    )  # fmt: skip
