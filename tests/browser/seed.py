"""Data of the browser tests: the cast of the identity simulator in Poltava, and a contest in every phase.

Run as a process of its own with the environment of the server it is for; phases are counted from now.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import django

django.setup()

from rulebook.calendar import Window  # noqa: E402
from tests import given, paper_box  # noqa: E402
from viche.ballots.actions import cast_ballot, make_box, open_box  # noqa: E402
from viche.ballots.papers import issue_paper, print_papers  # noqa: E402
from viche.communities.models import Community  # noqa: E402
from viche.connectors.record.actions import write_records  # noqa: E402
from viche.contests.actions import create_contest, freeze_rules  # noqa: E402
from viche.contests.models import Contest  # noqa: E402
from viche.demo.material import BODIES, DemoProject, demo_projects  # noqa: E402
from viche.demo.pictures import draw, emblem  # noqa: E402
from viche.foundation import clock  # noqa: E402
from viche.foundation.actor import SYSTEM, Actor  # noqa: E402
from viche.identity.actions import grant_office, identify_person, request_connection  # noqa: E402
from viche.identity.models import Person  # noqa: E402
from viche.identity.providers import Address, VerifiedClaims  # noqa: E402
from viche.identity.providers.isei.simulator import load_cast  # noqa: E402
from viche.identity.queries import actor_of  # noqa: E402
from viche.journal.actions import publish_logs, sequence_all  # noqa: E402
from viche.points.actions import PointFacts, add_point, plan_shift  # noqa: E402
from viche.projects.actions import Draft, submit_project  # noqa: E402
from viche.projects.models import Project  # noqa: E402
from viche.reports.actions import refresh_tallies  # noqa: E402
from viche.results.actions import certify_result, publish_result, run_count  # noqa: E402
from viche.review.actions import decide_review  # noqa: E402

NOW = datetime.now(UTC)
CAST = {member.key: member for member in load_cast()}
OFFICES = {"iryna": "commission", "serhii": "commission", "halyna": "operator", "viktor": "administrator"}
METHODS = ("isei", "bankid", "kep")


KINDS = {
    "points": {
        "kind": "points", "min_choices": 1, "max_choices": 4, "max_points": 10, "max_points_per_project": 6,
        "max_cost": 500_000_000,
    },
    "ranking": {"kind": "ranking", "min_choices": 3, "max_choices": 3},
    "plus-minus": {"kind": "plus-minus", "min_choices": 1, "max_choices": 3, "max_minus": 1},
}  # fmt: skip


def begun(days: int) -> None:
    """The contests made from here on began so many days ago."""
    given.START = (NOW - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)


def of_cast(key: str) -> Person:
    member = CAST[key]
    address = Address(region=member.region, locality=member.locality, text="")
    claims = VerifiedClaims(
        provider="isei", method="bank_id", tax_number=member.tax_number, family_name=member.family_name,
        given_name=member.given_name, patronymic=member.patronymic, address=address, issuer="test",
    )  # fmt: skip
    return identify_person(claims=claims)


def submit(contest: Contest, each: DemoProject, author: Person, has_picture: bool) -> Project:
    pictures = (
        [(draw(each.scene, seed=each.picture_seed, size=(480, 320)), each.title[:200])] if has_picture else []
    )
    draft = Draft(
        title=each.title, summary=each.summary, text=each.text, category="parks", place_name=each.place, cost=each.cost,
        territory=given.Territory.objects.get(pk=each.territory_code), pictures=pictures,
        latitude=Decimal(str(each.lat)), longitude=Decimal(str(each.lon)), author_name=each.author_name,
        items=[{"name": item.name, "quantity": item.quantity, "price": item.price} for item in each.items],
    )  # fmt: skip
    return submit_project(contest=contest, author=author, draft=draft, by=actor_of(author, contest.community))


def contest_with(
    body: Community, slug: str, number: int, *, pictures: int = 0, methods: tuple[str, ...] = METHODS
) -> tuple[Contest, list[Project]]:
    """A contest with that many projects of the demo's material, submitted on its fifth day."""
    rules = given.RULES | {"identity_methods": list(methods)}
    contest = given.contest(body, slug=slug, rules=rules)
    contest.title = {"uk": f"Громадський бюджет {slug}", "en": f"Participatory budget {slug}"}
    contest.save(update_fields=["title"])
    author = given.person("Олена")
    fitting = [
        each for each in demo_projects("poltava", year=2026, count=60, seed=7) if each.cost <= 300_000_000
    ]
    with clock.at(given.day(5)):
        projects = [
            submit(contest, each, author, place < pictures) for place, each in enumerate(fitting[:number])
        ]
    return contest, projects


def admit(projects: list[Project], by: Actor) -> None:
    with clock.at(given.day(25)):
        for project in projects:
            decide_review(project=project, verdict="admit", by=by)


def publish(contest: Contest, projects: list[Project], members: list[Actor]) -> None:
    with clock.at(given.day(45)):
        for voter in range(9):
            cast_ballot(
                contest=contest, voter=given.person(f"Виборець {voter}", serial=500 + 10 * voter), channel="online",
                paper=given.paper(projects[voter % 3], projects[3 + voter % 4]) if voter else given.paper(projects[0]),
                request_key=bytes([voter]) * 32,
            )  # fmt: skip
    with clock.at(given.day(62)):
        open_box(contest=contest, by=members[0])
        count = run_count(contest=Contest.objects.get(pk=contest.pk), by=members[0])
        for member in members:
            certify_result(count=count, by=member)
        publish_result(count=count, by=members[0])


def seed() -> None:
    begun(200)
    rules = given.RULES
    given.RULES = {
        **rules,
        # any number of each class: what a test chooses is refused by the tests of the booth, not here
        "ballot": {"kind": "approval", "min_choices": 1, "max_choices": 3, "max_per_class": {}},
    }
    body = given.community(
        name={"uk": "Полтава", "en": "Poltava"}, short_name={"uk": "Полтава", "en": "Poltava"}, slug="poltava",
        brand_colour="#0d4f6b", contact_email="byudzhet@poltava.example", contact_phone="0 532 000 000",
        address="вул. Соборності, 36, Полтава", website="https://poltava.example/",
        emblem=emblem(BODIES["poltava"].emblem, size=128),
    )  # fmt: skip
    for key, role in OFFICES.items():
        grant_office(person=of_cast(key), community=body, role=role, by=SYSTEM)
    grant_office(person=of_cast("nazar"), community=None, role="platform", by=SYSTEM)
    request_connection(
        code="UA53080430000085474", body="Терешківська сільська рада", position="секретарка ради",
        email="rada@tereshky.example", phone="0 532 000 004", proof="лист № 03-21/118", has_consented=True,
        method="isei:dig_sign", language="uk", person=of_cast("mariia"),
    )  # fmt: skip
    members = [actor_of(of_cast(key), body) for key in ("iryna", "serhii")]

    begun(100)
    contest, projects = contest_with(body, "over", 7)
    admit(projects, members[0])
    publish(contest, projects, members)

    begun(10)
    contest_with(body, "proposing", 2)
    begun(30)
    contest_with(body, "reviewing", 5)
    create_contest(
        community=body, slug="draft", year=2027, title={"uk": "Чернетка", "en": "Draft"}, rules=rules,
        schedule=given.schedule(), by=SYSTEM,
    )  # fmt: skip

    begun(45)
    given.RULES = rules
    contest, projects = contest_with(body, "now", 12, pictures=3)
    admit(projects, members[0])
    # a ballot of each kind on which more is said than a name
    for slug, ballot in KINDS.items():
        given.RULES = {
            **rules,
            "ballot": ballot,
            "counting": {"rule": "greedy-v1", "options": {}, "ties": ["earlier"]},
        }
        contest, projects = contest_with(body, slug, 6, pictures=0)
        admit(projects, members[0])
    given.RULES = {
        **rules, "channels": [{"kind": "desk"}, {"kind": "online", "from_day": 18}],
    }  # fmt: skip
    contest_with(body, "desk-first", 2)
    given.RULES = paper_box.paper_rules(recheck_percent=50)
    contest, projects = contest_with(body, "paper", 5, methods=("isei", "desk", "terminal"))
    admit(projects, members[0])
    give_papers(contest, members[0])
    given.RULES = {**rules, "box_key": "commission"}
    contest_with(body, "key-held", 2)
    in_person(body, rules, members[0])
    life(body, rules)
    sequence_all()
    publish_logs()
    write_records()
    refresh_tallies()


def give_papers(contest: Contest, by: Actor) -> None:
    """Twenty ballots are printed, the first four in the hands of voters."""
    print_papers(contest=contest, number=20, by=SYSTEM)
    for serial in (1, 2, 3, 4):
        voter = given.person("Виборець", serial=700 + serial)
        issue_paper(contest=contest, voter=voter, serial=serial, request_key=bytes([serial]) * 32, by=by)


def in_person(body: Community, own: dict[str, object], by: Actor) -> None:
    """A contest in which one votes at a polling point too, and the shift of its operator."""
    given.RULES = {
        **own,
        "channels": [{"kind": kind} for kind in ("online", "desk", "paper", "kiosk")],
        "paper": {"mode": "ballots", "is_named": False, "recheck_percent": 5},
    }  # fmt: skip
    contest, projects = contest_with(body, "in-person", 8, methods=("isei", "desk"))
    admit(projects, by)
    viktor, whole = actor_of(of_cast("viktor"), body), [[(0, 24 * 60)]] * 7
    facts = PointFacts(
        name="ЦНАП № 1", kind="cnap", address="вул. Соборності, 36", territory=body.territory, hours=whole,
        access_note="Пандус праворуч від входу.",
    )  # fmt: skip
    point = add_point(community=body, facts=facts, contests=[contest], by=viktor)
    plan_shift(
        point=point, starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=12),
        operators=[of_cast("halyna")], by=viktor,
    )  # fmt: skip
    # two residents whom no other test knows
    for name in ("Ярина", "Остап"):
        given.person(name)
    print_papers(contest=contest, number=20, point=point.pk, by=viktor)


def life(body: Community, own: dict[str, object]) -> None:
    """A contest by the whole procedure: submission, support and review are open together, the voting is to come."""
    rules = {
        **own,
        "support": {"threshold": {"*": 2}, "signatories": "initials"},
        "supporter": {"bases": ["registered"]},
        "review": [
            {
                "id": "merits", "name": {"uk": "Розгляд по суті"}, "body": {"uk": "Комісія"}, "days": 20,
                "outcomes": ["admit", "return", "reject"], "correction_days": 5, "checks": ["land", "cost"],
            }
        ],
        "appeal": {"body": {"uk": "Апеляційна комісія"}, "days": 5},
        "implementation": {"year_offset": 1, "stall_days": 30},
    }  # fmt: skip
    days = {
        "submission": (-1, 10), "support": (-1, 12), "review": (-1, 20), "voting": (25, 40), "counting": (40, 50),
        "results": (50, None),
    }  # fmt: skip
    schedule = [
        Window(phase, NOW + timedelta(days=start), None if end is None else NOW + timedelta(days=end))
        for phase, (start, end) in days.items()
    ]
    with clock.at(NOW - timedelta(days=10)):
        contest = create_contest(
            community=body, slug="life", year=NOW.year, title={"uk": "Життя проєкту", "en": "Life of a project"},
            rules=rules, schedule=schedule, by=SYSTEM,
        )  # fmt: skip
        freeze_rules(contest=contest, decision="№ 7 від 01.02.2026", by=SYSTEM)
        make_box(contest=contest, by=SYSTEM)


if __name__ == "__main__":
    seed()
