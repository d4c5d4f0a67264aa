"""Living demo data: three bodies and small neighbours, contests in every phase, all of it made through the actions.

Times are relative to the moment of seeding, so that a phase that runs keeps running for days. Everything else
comes from fixed seeds.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from multiprocessing import get_context
from typing import Any

from rulebook.ballot import BallotPaper
from rulebook.calendar import Window
from rulebook.rules.vocabulary import CHANNELS
from viche.ballots.actions import Vote, cast_ballots, make_box, open_box
from viche.ballots.traces import Circumstances
from viche.communities.actions import connect_community
from viche.communities.models import Community, Territory
from viche.communities.queries import parts_of
from viche.contests.actions import create_contest, freeze_rules
from viche.contests.models import Contest
from viche.demo.material import BODIES, CATEGORIES, DemoProject, demo_projects, refusal_reasons
from viche.demo.pictures import draw, emblem
from viche.demo.scenes.in_person import stage as stage_in_person
from viche.demo.scenes.members import stage as stage_members
from viche.demo.scenes.neighbours import stage as stage_neighbours
from viche.demo.scenes.official_reports import stage as stage_official_reports
from viche.demo.scenes.rules import stage as stage_rules
from viche.demo.scenes.staff import stage as stage_staff
from viche.demo.scenes.support import PROCEDURE
from viche.demo.scenes.support import stage as stage_support
from viche.demo.scenes.terminals import stage as stage_terminals
from viche.demo.scenes.works import stage as stage_works
from viche.demo.voters import turnout_times, voter_ballots
from viche.foundation import clock, keys
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.clock import KYIV
from viche.identity.actions import grant_office, identify_person
from viche.identity.models import Person
from viche.identity.providers import Address, VerifiedClaims, make_tax_number
from viche.identity.providers.isei.simulator import load_cast
from viche.identity.providers.tax_number import Sex
from viche.identity.queries import actor_of, staff_of
from viche.integrity.actions import check_voting
from viche.journal.actions import sequence_all
from viche.projects.actions import Draft, submit_project
from viche.projects.models import Project
from viche.results.actions import certify_result, publish_result, run_count
from viche.results.queries import publication_of
from viche.review.actions import decide_review

Say = Callable[[str], None]
PICTURE = (960, 640)

FACES: dict[str, dict[str, Any]] = {
    "poltava": {
        "name": {"uk": "Полтава", "en": "Poltava"}, "short_name": {"uk": "Полтава", "en": "Poltava"},
        "brand_colour": "#0d4f6b", "contact_email": "byudzhet@poltava.example", "contact_phone": "0 532 000 000",
        "address": "вул. Соборності, 36, Полтава", "website": "https://poltava.example/",
    },
    "machukhy": {
        "name": {"uk": "Мачухівська громада", "en": "Machukhy community"},
        "short_name": {"uk": "Мачухи", "en": "Machukhy"}, "brand_colour": "#2f6b2f",
        "contact_email": "rada@machukhy.example", "contact_phone": "0 532 000 001",
        "address": "вул. Миру, 1, с. Мачухи", "website": "https://machukhy.example/",
    },
    "poltava-oblast": {
        "name": {"uk": "Полтавська область", "en": "Poltava region"},
        "short_name": {"uk": "Полтавщина", "en": "Poltava region"}, "brand_colour": "#7a2e3a",
        "contact_email": "hromada@poltavska-oblast.example", "contact_phone": "0 532 000 002",
        "address": "вул. Соборності, 45, Полтава", "website": "https://poltavska-oblast.example/",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """One contest of the demo. Days are counted from today: negative ones are past.

    voters: how many ballots; voting_now: cast only the part of the voting that has gone by. collects_support: its
    regulation has signatures, a stage of the review and appeals (scenes.support).
    """

    body: str
    slug: str
    year: int
    title: dict[str, str]
    submission: tuple[int, int]
    review: tuple[int, int]
    voting: tuple[int, int]
    counting: tuple[int, int]
    projects: int
    voters: int = 0
    waiting: int = 0
    is_published: bool = False
    collects_support: bool = False


@dataclass(frozen=True)
class Regulation:
    """What the three demo regulations differ in. Money in kopiykas; limits: choices a size class."""

    border: int
    small_pot: int
    large_pot: int
    threshold: int
    limits: dict[str, int]
    author_age: int
    voter_age: int


REGULATIONS = {
    "poltava": Regulation(50_000_000, 480_000_000, 720_000_000, 120, {"small": 2, "large": 1}, 16, 16),
    "machukhy": Regulation(5_000_000, 25_000_000, 15_000_000, 30, {"small": 2, "large": 1}, 16, 14),
    "poltava-oblast": Regulation(150_000_000, 900_000_000, 1_500_000_000, 100, {}, 18, 16),
}


def _plans(today: date) -> list[Plan]:
    year = today.year
    city = ("Громадський бюджет Полтави", "Participatory budget of Poltava")
    hromada = ("Бюджет участі Мачухівської громади", "Participatory budget of Machukhy")
    region = ("Бюджет участі Полтавської області", "Participatory budget of Poltava region")
    return [
        Plan(
            "poltava", str(year), year, _title(*city, year),
            (-120, -80), (-80, -6), (-5, 10), (10, 14), projects=96, voters=6000,
        ),
        Plan(
            "poltava", str(year - 1), year - 1, _title(*city, year - 1),
            (-480, -440), (-440, -400), (-395, -380), (-380, -375), projects=72, voters=12000, is_published=True,
        ),
        Plan(
            "machukhy", str(year + 1), year + 1, _title(*hromada, year + 1),
            (-12, 18), (18, 40), (45, 60), (60, 65), projects=14, collects_support=True,
        ),
        Plan(
            "machukhy", str(year), year, _title(*hromada, year),
            (-110, -80), (-80, -40), (-30, -1), (-1, 6), projects=24, voters=1200,
        ),
        Plan(
            "poltava-oblast", str(year), year, _title(*region, year),
            (-60, -10), (-10, 20), (25, 45), (45, 50), projects=44, waiting=12,
        ),
        Plan(
            "poltava-oblast", str(year - 1), year - 1, _title(*region, year - 1),
            (-420, -380), (-380, -350), (-345, -320), (-320, -310), projects=56, voters=5000, is_published=True,
        ),
    ]  # fmt: skip


def _title(uk: str, en: str, year: int) -> dict[str, str]:
    return {"uk": f"{uk} {year}", "en": f"{en} {year}"}


def _rules(plan: Plan) -> dict[str, Any]:
    """The body's own regulation: one or two size classes, its limits on the ballot, its threshold."""
    body = BODIES[plan.body]
    small = {"id": "small", "name": {"uk": "Малі проєкти", "en": "Small projects"}}
    large = {"id": "large", "name": {"uk": "Великі проєкти", "en": "Large projects"}}
    own = REGULATIONS[plan.body]
    return {
        "schema": 1,
        "title": plan.title,
        "size_classes": [
            {**small, "min_cost": body.cheapest, "max_cost": own.border},
            {**large, "min_cost": own.border + 1, "max_cost": body.dearest},
        ],
        "categories": [{"id": each.id, "name": {"uk": each.name_uk, "en": each.name_en}} for each in CATEGORIES],
        "pots": [
            {"id": "small", "name": small["name"], "amount": own.small_pot, "size_class": "small"},
            {"id": "large", "name": large["name"], "amount": own.large_pot, "size_class": "large"},
        ],
        "author": {"min_age": own.author_age, "age_on": "act", "bases": ["registered", "displaced"]},
        "author_max_projects": 3,
        "voter": {"min_age": own.voter_age, "age_on": "act", "bases": ["registered", "displaced", "work", "study"]},
        "ballot": {"kind": "approval", "min_choices": 1, "max_choices": 3, "max_per_class": own.limits},
        "counting": {
            "rule": "greedy-v1",
            "options": {"score": "votes", "fit": "skip", "threshold": {"*": own.threshold}},
            "ties": ["earlier"],
        },
        "implementation": {"year_offset": 1, "stall_days": 60},
        "live_results": "turnout",
        "identity_methods": ["isei", "bankid", "kep", "desk", "terminal"],
        "source": "Положення демонстраційної громади",
        **(PROCEDURE if plan.collects_support else {}),
        **({"channels": [{"kind": kind} for kind in CHANNELS]} if plan.body == "poltava" else {}),
    }  # fmt: skip


def _moment(today: date, days: int) -> datetime:
    """Midnight in Kyiv, so many days from today."""
    return datetime.combine(today + timedelta(days=days), time(), tzinfo=KYIV).astimezone(UTC)


def _schedule(plan: Plan, today: date) -> list[Window]:
    named = [
        ("submission", plan.submission),
        ("review", plan.review),
        ("voting", plan.voting),
        ("counting", plan.counting),
    ]
    windows = [Window(name, _moment(today, start), _moment(today, end)) for name, (start, end) in named]
    return [*windows, Window("results", _moment(today, plan.counting[1]), None)]


class Seeder:
    """Makes the demo. Each step says what it does through ``say``."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.now = clock.now()
        self.today = self.now.astimezone(KYIV).date()
        self.bodies: dict[str, Community] = {}
        self.officials: dict[str, list[Person]] = {}
        self.material: dict[tuple[str, int], list[DemoProject]] = {}
        # drawn beside, on the other core, while the projects before them are written
        self.painter = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
        self.pictures: dict[tuple[str, int], Future[bytes]] = {}

    def run(self) -> None:
        plans = sorted(_plans(self.today), key=lambda plan: plan.submission[0])
        for plan in plans:
            self.material[plan.body, plan.year] = material = demo_projects(
                plan.body, year=plan.year, count=plan.projects, seed=plan.year
            )
            for each in material:
                self._ordered((each.scene, each.picture_seed))
        earliest = min(plan.submission[0] for plan in plans) - 60
        with clock.at(_moment(self.today, earliest)):
            self._connect()
            self._people()
        with self.painter:
            for plan in plans:
                self._contest(plan)
        self._scenes()
        sequence_all()

    def _connect(self) -> None:
        for key, face in FACES.items():
            body = BODIES[key]
            self.bodies[key] = connect_community(
                code=body.code, slug=key, by=SYSTEM, emblem=emblem(body.emblem, size=256), **face
            )
        self.say("communities: " + ", ".join(str(community) for community in self.bodies.values()))

    def _people(self) -> None:
        """Everybody of the cast who has a number, and the offices they hold."""
        homes = {BODIES[key].code: key for key in BODIES}
        hromada_of_city = {Territory.objects.get(pk=BODIES["poltava"].code).parent_id: "poltava"}
        for member in load_cast():
            if member.tax_number is None:
                continue
            person = identify_person(claims=_claims_of(member))
            key = (homes | hromada_of_city).get(member.body)
            role = {"region_administrator": "administrator"}.get(member.role, member.role)
            if key is None or role not in {"administrator", "commission", "operator"}:
                continue
            for wanted in {role, "commission"} if member.role == "region_administrator" else {role}:
                grant_office(person=person, community=self.bodies[key], role=wanted, by=SYSTEM)
            if role == "commission" or member.role == "region_administrator":
                self.officials.setdefault(key, []).append(person)
        # whoever keeps the minutes also keeps the house of a small hromada
        grant_office(
            person=self.officials["machukhy"][0],
            community=self.bodies["machukhy"],
            role="administrator",
            by=SYSTEM,
        )

    def _scenes(self) -> None:
        """What officials and residents have to do today: requests, invitations, a draft that waits."""
        with clock.at(self.now - timedelta(days=10)):
            stage_staff(self.bodies, self.officials)
        actors = {
            key: [actor_of(holder.office.person, body) for holder in staff_of(body)]
            for key, body in self.bodies.items()
        }
        stage_members(self.bodies, actors)
        stage_rules(self.bodies, actors)
        self.say("scenes: officials, members, a draft of rules")
        city = list(
            Contest.objects.filter(community=self.bodies["poltava"]).select_related("community__territory")
        )
        stage_works(city, actors["poltava"], say=self.say)
        for contest in city:
            if "voting" in contest.phases:
                self._every_way_in(contest, actors["poltava"])
            elif publication_of(contest) is not None:
                self._issue(contest, actors["poltava"])
        self.say(f"neighbours: {len(stage_neighbours())} contests of small hromadas")

    def _issue(self, contest: Contest, actors: Sequence[Actor]) -> None:
        """The commission issues the reports of the contest that is over."""
        commission = next(each for each in actors if "commission" in each.roles)
        clerk = next(each for each in actors if "administrator" in each.roles)
        self.say(f"{stage_official_reports(contest, commission, clerk)} official reports")

    def _every_way_in(self, contest: Contest, actors: Sequence[Actor]) -> None:
        """The running contest is voted in at points, on paper and at a bank's terminals too."""
        self.say(f"{stage_in_person(contest, actors)} paper ballots given out")
        region = staff_of(self.bodies["poltava-oblast"])
        above = (actor_of(holder.office.person, contest.community) for holder in region)
        here = next(each for each in actors if "administrator" in each.roles)
        second = next((each for each in above if "administrator" in each.roles and each != here), None)
        if second is not None:
            self.say(f"terminals: {stage_terminals(contest, here, second).name}")

    def _contest(self, plan: Plan) -> None:
        community = self.bodies[plan.body]
        schedule = _schedule(plan, self.today)
        with clock.at(schedule[0].starts_at - timedelta(days=20)):
            contest = create_contest(
                community=community, slug=plan.slug, year=plan.year, title=plan.title, rules=_rules(plan),
                schedule=schedule, by=SYSTEM,
            )  # fmt: skip
            freeze_rules(
                contest=contest,
                decision=f"Рішення ради № {plan.year % 100}-{len(plan.body)} (демонстрація)",
                by=SYSTEM,
            )
            make_box(contest=contest, by=SYSTEM)
        material = self.material[plan.body, plan.year]
        projects = self._submit(plan, contest, material, schedule[0])
        if plan.collects_support:
            self.say(f"{stage_support(contest, locality='с. Мачухи')} signatures")
        admitted = (
            self._review(plan, contest, projects, schedule[1]) if schedule[1].starts_at < self.now else []
        )
        self._vote(plan, contest, material, admitted, schedule[2])
        if plan.is_published:
            self._publish(plan, contest, schedule[3])
        self.say(f"{contest.name}: {len(projects)} projects, {plan.voters} voters")

    def _submit(
        self, plan: Plan, contest: Contest, material: Sequence[DemoProject], window: Window
    ) -> list[Project]:
        projects = []
        until = min(window.ends_at or self.now, self.now)
        step = (until - window.starts_at) // (len(material) + 1)
        areas = {
            area.code: area
            for area in Territory.objects.filter(pk__in={each.territory_code for each in material})
        }
        for place, each in enumerate(material, start=1):
            moment = window.starts_at + step * place
            with clock.at(moment):
                author = identify_person(claims=_author_claims(plan, each, place))
                draft = Draft(
                    title=each.title, summary=each.summary, text=each.text, category=each.category,
                    territory=areas[each.territory_code], cost=each.cost, place_name=each.place,
                    latitude=Decimal(str(each.lat)), longitude=Decimal(str(each.lon)),
                    items=[{"name": item.name, "quantity": item.quantity, "price": item.price} for item in each.items],
                    author_name=each.author_name,
                    pictures=[(self._picture(each), each.title[:200])],
                )  # fmt: skip
                contest.__dict__.pop("schedule", None)
                projects.append(
                    submit_project(
                        contest=contest, author=author, draft=draft, by=actor_of(author, contest.community)
                    )
                )
        return projects

    def _picture(self, each: DemoProject) -> bytes:
        key = (each.scene, each.picture_seed)
        return self._ordered(key).result()

    def _ordered(self, key: tuple[str, int]) -> Future[bytes]:
        if key not in self.pictures:
            self.pictures[key] = self.painter.submit(draw, key[0], seed=key[1], size=PICTURE)
        return self.pictures[key]

    def _review(self, plan: Plan, contest: Contest, projects: list[Project], window: Window) -> list[Project]:
        by = self._commission(plan)[0]
        admitted = []
        until = min(window.ends_at or self.now, self.now)
        decided = projects[: len(projects) - plan.waiting]
        step = (until - window.starts_at) // (len(decided) + 1)
        for place, project in enumerate(decided, start=1):
            with clock.at(window.starts_at + step * place):
                if place % 9 == 4:
                    reason = refusal_reasons[place % len(refusal_reasons)]
                    decide_review(project=project, verdict="refuse", reason=reason, by=by)
                else:
                    decide_review(project=project, verdict="admit", by=by)
                    admitted.append(project)
        return admitted

    def _commission(self, plan: Plan) -> list[Actor]:
        members = self.officials[plan.body]
        return [actor_of(member, self.bodies[plan.body]) for member in members]

    def _vote(
        self,
        plan: Plan,
        contest: Contest,
        material: Sequence[DemoProject],
        admitted: list[Project],
        window: Window,
    ) -> None:
        if not plan.voters or window.starts_at >= self.now:
            return
        by_title = {each.title: each for each in material}
        chosen_from = [by_title[project.title] for project in admitted]
        ballot = contest.rules.ballot
        closes = min(window.ends_at or self.now, self.now)
        ballots = voter_ballots(
            chosen_from, voters=plan.voters, seed=plan.year, max_choices=ballot.max_choices or 3,
            classes=[project.size_class for project in admitted], max_per_class=dict(ballot.max_per_class),
        )  # fmt: skip
        times = turnout_times(opens=window.starts_at, closes=closes, voters=plan.voters, seed=plan.year)
        with clock.at(closes - timedelta(seconds=1)):
            cast_ballots(contest=contest, channel="online", votes=self._votes(plan, admitted, ballots, times))
            check_voting(contest=contest)

    def _votes(
        self, plan: Plan, admitted: list[Project], ballots: Iterator[list[int]], times: Sequence[datetime]
    ) -> Iterator[Vote]:
        parts = parts_of(self.bodies[plan.body].territory)
        for place, (ballot, moment) in enumerate(zip(ballots, times, strict=True)):
            # every day of birth once, spread over all who vote
            born = date(1946, 1, 1) + timedelta(days=place * 7919 % 22_000)
            mark = hashlib.sha256(f"{plan.body}/{plan.slug}/{place}".encode()).digest()
            sex: Sex = "female" if mark[7] % 9 < 5 else "male"
            number = make_tax_number(born, sex, 100 + place // 22_000).number
            yield Vote(
                person_token=keys.person_token("tax", number),
                paper=BallotPaper.approval(admitted[index].code for index in ballot),
                request_key=mark,
                at=moment,
                # a part in proportion to nothing anybody chose; one voter in nine names none
                territory=parts[mark[0] % (1 + mark[1] % len(parts))].code if parts and place % 9 else "",
                circumstances=_circumstances(place, mark, born, sex),
            )

    def _publish(self, plan: Plan, contest: Contest, window: Window) -> None:
        members = self._commission(plan)
        with clock.at(window.starts_at + timedelta(hours=10)):
            open_box(contest=contest, by=members[0])
            count = run_count(contest=contest, by=members[0])
        for hour, member in enumerate(members[:2], start=12):
            with clock.at(window.starts_at + timedelta(hours=hour)):
                certify_result(count=count, by=member)
        with clock.at(window.starts_at + timedelta(hours=15)):
            publish_result(count=count, by=members[0])


def _circumstances(place: int, mark: bytes, born: date, sex: str) -> Circumstances:
    """An ordinary town: half behind shared addresses of mobile carriers; and one library where eight voted."""
    is_library = place % 97 == 5 and place < 8 * 97
    shared = f"100.64.{mark[2] % 6}.{mark[3]}"
    home = f"93.{mark[2]}.{mark[3]}.{mark[4]}"
    return Circumstances(
        address="198.51.100.20" if is_library else shared if mark[5] % 2 else home,
        device="library" if is_library else f"phone {place}",
        method="isei:mobile_id" if mark[6] % 12 == 0 else "isei:bank_id",
        issuer=("АТ КБ «ПриватБанк»", "АТ «Універсал Банк»", "АТ «Ощадбанк»")[mark[7] % 3], born=born,
        sex=sex,
    )  # fmt: skip


def _claims_of(member: Any) -> VerifiedClaims:
    method = "bank_id" if "bank_id" in member.methods else member.methods[0]
    address = (
        Address(region=member.region, locality=member.locality, text=member.address)
        if method == "bank_id"
        else None
    )
    return VerifiedClaims(
        provider="isei", method=method, tax_number=member.tax_number, family_name=member.family_name,
        given_name=member.given_name, patronymic=member.patronymic, address=address, issuer="demo",
    )  # fmt: skip


def _author_claims(plan: Plan, each: DemoProject, place: int) -> VerifiedClaims:
    """An invented author who lives where the body is: the number is made from the place in the list."""
    given, _space, family = each.author_name.partition(" ")
    born = date(1950, 1, 1) + timedelta(days=(place * 197 + plan.year * 31 + len(plan.body) * 1009) % 19_000)
    locality = {"poltava": "м. Полтава", "machukhy": "с. Мачухи", "poltava-oblast": "м. Кременчук"}[plan.body]
    return VerifiedClaims(
        provider="isei", method="bank_id", tax_number=make_tax_number(born, "female", place).number,
        family_name=family or given, given_name=given, patronymic="",
        address=Address(region="Полтавська", locality=locality, text=""), issuer="demo",
    )  # fmt: skip


def seed(say: Say = print) -> bool:
    """Make the demo's data; False where a community is already connected (it is kept as it is)."""
    if Community.objects.exists():
        return False
    Seeder(say).run()
    return True
