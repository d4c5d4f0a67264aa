"""A contest whose rules have a commission with a quorum of two and appeals, and a meeting of it."""

from typing import Any

from tests import given

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.identity.models import Person
from viche.identity.queries import actor_of
from viche.projects.models import Project
from viche.review.actions import call_meeting, open_item, open_meeting, record_attendance, record_vote
from viche.review.models import AgendaItem, Meeting

RULES: dict[str, Any] = given.RULES | {
    "review": [
        {
            "id": "commission", "name": {"uk": "Розгляд"}, "body": {"uk": "Комісія"},
            "outcomes": ["admit", "reject"], "quorum": 2,
        }
    ],
    "appeal": {"body": {"uk": "Комісія"}, "days": 3, "decision_days": 5},
}  # fmt: skip
# two chairs' worth of people: three members, and an administrator who keeps the protocol
IRYNA, SERHII, NINA, VIKTOR = "Ірина", "Сергій", "Ніна", "Віктор"


def contest(*, quorum: int = 2) -> Contest:
    stage = RULES["review"][0] | {"quorum": quorum}
    made = given.contest(rules=RULES | {"review": [stage]})
    for name in (IRYNA, SERHII, NINA):
        given.official(name, "commission", made.community)
    given.official(VIKTOR, "administrator", made.community)
    return made


def actor(name: str, of: Contest) -> Actor:
    return actor_of(given.person(name), of.community)


def called(of: Contest, *projects: tuple[Project, str], on: int = 25, **facts: Any) -> Meeting:
    """A meeting called the day before, with Iryna in the chair; Viktor keeps the protocol."""
    with clock.at(given.day(on - 1)):
        return call_meeting(
            contest=of, starts_at=given.day(on, hour=10), place="Зал засідань", link="", by=actor(VIKTOR, of),
            **{"chair": given.person(IRYNA), "secretary": given.person(VIKTOR), "projects": projects, **facts},
        )  # fmt: skip


def begun(meeting: Meeting, *names: str) -> Meeting:
    """The meeting with these members present (all three where none is named); at the clock's moment."""
    viktor = actor(VIKTOR, meeting.contest)
    present = [given.person(name).pk for name in names or (IRYNA, SERHII, NINA)]
    record_attendance(meeting=meeting, present=present, by=viktor)
    return open_meeting(meeting=meeting, by=viktor)


def opened(item: AgendaItem) -> AgendaItem:
    return open_item(item=item, by=actor(VIKTOR, item.meeting.contest))


def vote(item: AgendaItem, **choices: str) -> None:
    """Each votes on their own telephone: iryna="for"."""
    names = {"iryna": IRYNA, "serhii": SERHII, "nina": NINA}
    for name, choice in choices.items():
        member: Person = given.person(names[name])
        record_vote(item=item, member=member, choice=choice, by=actor_of(member, item.meeting.community))
