"""Scene: how the winners of former years are built, and what residents say about the projects of today."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageFilter, ImageOps

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.clock import KYIV
from viche.identity.actions import identify_person
from viche.identity.models import Person
from viche.identity.providers import Address, VerifiedClaims, make_tax_number
from viche.identity.queries import actor_of
from viche.projects import actions
from viche.projects.delivery import works_of
from viche.projects.models import Project, State
from viche.talk.actions import publish_news, report_comment, write_comment

UNITS = ("Управління благоустрою", "Управління капітального будівництва", "Відділ освіти і спорту")
STEPS = (
    "Проєктна документація",
    "Закупівля",
    "Підготовка ділянки",
    "Основні роботи",
    "Озеленення і прибирання",
)
CONTRACTORS = ("ТОВ «Полтавбудсервіс»", "ФОП Ярошенко", "КП «Декоративні культури»")
GIVEN = ("Тетяна", "Микола", "Ірина", "Степан", "Людмила", "Павло", "Надія", "Богдан", "Раїса", "Остап")
FAMILY = ("Гончар", "Левченко", "Шаповал", "Бабич", "Клименко", "Ткач", "Дорош", "Савчук", "Рибак", "Вовк")
TALK = (
    ("Ходжу там щодня з дитиною, дуже потрібно. Дякую автору!", "Дякую за підтримку!"),
    ("А чи буде освітлення? Взимку після четвертої вже темно.", "Так, у кошторисі є чотири ліхтарі."),
    ("Хто доглядатиме за цим потім?", "Утримання бере на себе управління благоустрою, лист додано."),
    ("Добра думка, але зробіть, будь ласка, пандус.", ""),
)


def stage(contests: Sequence[Contest], officials: Sequence[Actor], *, say: Callable[[str], None]) -> None:
    """Build the winners of the published contests and let residents talk about the projects of those that vote.

    contests: of one body, any phases; officials: of that body, an administrator among them. Run once, at now.
    """
    clerk = next(actor for actor in officials if "administrator" in actor.roles)
    people = [_resident(place) for place in range(len(GIVEN))]
    built = 0
    for contest in contests:
        for place, project in enumerate(list(works_of(contest))[:12]):
            project.contest = contest
            _build(project, clerk, people, place)
            built += 1
        if "voting" in contest.phases:
            _talk(contest, clerk, people)
    say(f"works and talk: {built} winners")


def _resident(place: int) -> Person:
    number = make_tax_number(
        date(1962, 3, 1) + timedelta(days=place * 911), "female", 4200 + place * 2
    ).number
    return identify_person(
        claims=VerifiedClaims(
            provider="isei", method="bank_id", tax_number=number, family_name=FAMILY[place], given_name=GIVEN[place],
            patronymic="", address=Address(region="Полтавська", locality="м. Полтава", text=""), issuer="demo",
        )
    )  # fmt: skip


def _build(project: Project, by: Actor, people: Sequence[Person], place: int) -> None:
    """One winner: the first ones are built, one is late, one stands still, one is given up, the last not begun."""
    now = clock.now()
    begun = now - timedelta(days=250 - place * 3)
    if place == 11:
        return
    if place == 10:
        with clock.at(begun):
            actions.cancel_work(
                project=project,
                reason="Ділянку передано під відбудову водогону: місце для проєкту втрачено.",
                by=by,
            )
        return
    start = _day(begun)
    due = _day(now - timedelta(days=20)) if place in {7, 8} else start + timedelta(days=330)
    with clock.at(begun):
        actions.start_work(
            project=project, responsible_unit=UNITS[place % 3], plan_cost=project.cost, starts_on=start, due_on=due,
            responsible_contact="0 532 000 010", by=by,
        )  # fmt: skip
        steps = [
            actions.plan_milestone(
                project=project, title=title, due_on=start + timedelta(days=40 * (number + 1)), by=by
            )
            for number, title in enumerate(STEPS)
        ]
        picture = _picture(project)
        if picture is not None:
            actions.record_photograph(
                project=project, content=_before(picture), moment="before", alt="Місце до початку робіт",
                taken_on=start, by=by,
            )  # fmt: skip
    done = len(steps) if place < 7 else 6 - (place - 6) * 2 + 1
    for number, step in enumerate(steps[: max(done, 1)]):
        at = begun + timedelta(days=min(30 * (number + 1), 160))
        with clock.at(at):
            actions.mark_milestone(project=project, milestone=str(step.pk), done_on=_day(at), by=by)
            if number == 1:
                actions.record_contract(
                    project=project, number=f"{14 + place}/{start.year}", signed_on=_day(at), by=by,
                    contractor=CONTRACTORS[place % 3], amount=project.cost * 96 // 100,
                )  # fmt: skip
    if place in {3, 8}:
        with clock.at(begun + timedelta(days=120)):
            actions.delay_work(
                project=project, new_due=due + timedelta(days=14), by=by,
                reason="Перша закупівля не відбулася: не надійшло жодної пропозиції.",
            )  # fmt: skip
    if place < 7:
        _accept(project, by, people, place, begun + timedelta(days=170), picture)


def _accept(
    project: Project, by: Actor, people: Sequence[Person], place: int, at: datetime, picture: bytes | None
) -> None:
    with clock.at(at):
        if picture is not None:
            actions.record_photograph(
                project=project,
                content=picture,
                moment="after",
                alt=project.title[:200],
                taken_on=_day(at),
                by=by,
            )
        actions.implement_project(
            project=project, accepted_on=_day(at), acceptance=f"№ {place + 3} від {_day(at):%d.%m.%Y}",
            actual_cost=project.cost * 95 // 100, by=by,
        )  # fmt: skip
    for number, person in enumerate(people[: 4 + place]):
        with clock.at(at + timedelta(days=number + 1)):
            actions.rate_project(
                project=project, person=person, stars=5 - (number * (place + 1)) % 3,
                promise="kept" if number % 4 else "partly", by=actor_of(person, project.contest.community),
            )  # fmt: skip


def _talk(contest: Contest, by: Actor, people: Sequence[Person]) -> None:
    """Comments and answers on the first projects that are voted on, news on two, one comment reported."""
    now = clock.now()
    projects = (
        Project.objects.filter(contest=contest, state=State.ADMITTED)
        .select_related("author")
        .order_by("number")
    )
    for place, project in enumerate(projects[:6]):
        project.contest = contest
        for number, (text, answer) in enumerate(TALK[: 2 + place % 3]):
            with clock.at(now - timedelta(days=3, hours=20 - number * 2 - place)):
                asked = write_comment(
                    project=project, text=text, by=actor_of(people[(place + number) % 10], contest.community)
                )
            if answer and project.author is not None:
                with clock.at(now - timedelta(days=2, hours=20 - number * 2 - place)):
                    write_comment(
                        project=project,
                        text=answer,
                        parent=asked.pk,
                        by=actor_of(project.author, contest.community),
                    )
        if place < 2 and project.author is not None:
            with clock.at(now - timedelta(days=1, hours=place)):
                publish_news(
                    project=project, title="Голосування триває", by=actor_of(project.author, contest.community),
                    text="Дякуємо всім, хто вже проголосував. Плакат для під’їзду можна надрукувати з цієї сторінки.",
                )  # fmt: skip
    reported = write_comment(
        project=projects[0],
        text="Знову все розкрадуть, як завжди!",
        by=actor_of(people[9], contest.community),
    )
    report_comment(comment=reported, reason="false", by=actor_of(people[0], contest.community))


def _day(moment: datetime) -> date:
    return moment.astimezone(KYIV).date()


def _picture(project: Project) -> bytes | None:
    cover = project.cover
    if cover is None:
        return None
    with cover.image.open("rb") as file:
        content: bytes = file.read()
    return content


def _before(picture: bytes) -> bytes:
    """The same place, grey and empty, as an invented photograph of before."""
    with Image.open(BytesIO(picture)) as image:
        faded = ImageOps.colorize(ImageOps.posterize(image.convert("L"), 3), "#5b5348", "#cfc6b4")
    grey = faded.filter(ImageFilter.GaussianBlur(3))
    out = BytesIO()
    grey.save(out, "JPEG", quality=70)
    return out.getvalue()
