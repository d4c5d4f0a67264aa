"""Quality of the search: forms, slips of the hand, Latin letters, hostile input; what is not public is never found."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st
from tests import given

from viche.foundation import clock
from viche.projects.actions.indexing import index_projects
from viche.projects.distances import metres
from viche.projects.filters import Filters, canonical, filters_from, query_string
from viche.projects.finding import Scope, facets, search_result
from viche.projects.models import Project, SearchWord, TeamMember
from viche.projects.queries import found_projects
from viche.projects.search import question_of, words_of
from viche.projects.search.latin import readings, slipped

TITLES = [
    "Дитячий майданчик на вулиці Соборності", "Ремонт укриття у школі № 12", "Сквер біля подвір’я бібліотеки",
    "Велодоріжка вздовж Ворскли", "Сонячні панелі для ліцею", "Громадський простір «Wi-Fi у парку»",
    "Озеленення Ґанківської площі",
]  # fmt: skip


@pytest.fixture
def contest(db):
    made = given.contest()
    for title in TITLES:
        given.submitted_project(made, title, text="Мешканцям потрібно.", summary="Коротко.")
    return made


def found(contest, text, **more):
    result = search_result(Scope(contest.community, contest), Filters(text=text, **more))
    return [project.title for project in result.projects]


def instead(contest, text):
    return search_result(Scope(contest.community, contest), Filters(text=text)).instead


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("майданчика", "майданчики"), ("вулиці", "вулиця"), ("дітей", "діти"), ("школі", "школа"),
        ("сквер", "сквери"), ("шкіл", "школа"), ("зупинок", "зупинка"), ("укриттів", "укриття"),
        ("воркаутів", "воркаут"), ("подвір'ї", "подвір’я"), ("садочків", "садочок"), ("дерев", "дерево"),
        ("тротуарів", "тротуар"), ("пандусами", "пандус"), ("ліцеїв", "ліцей"), ("річці", "річка"),
        ("генераторів", "генератор"), ("дитячого", "дитячі"), ("капітальному", "капітальний"), ("книг", "книги"),
        ("мешканців", "мешканець"), ("коворкінгу", "коворкінги"), ("скейтпарку", "скейтпарки"),
        ("паркоматів", "паркомат"), ("буккросингу", "буккросинг"),
    ],
)  # fmt: skip
def test_forms_of_a_word_meet_both_ways(db, one, other):
    made = given.contest()
    for asked, written in ((one, other), (other, one)):
        Project.objects.all().update(published_at=None)
        given.submitted_project(made, f"Проєкт: {written}")
        assert found(made, asked) == [f"Проєкт: {written}"], (asked, written)


@pytest.mark.parametrize(
    ("asked", "written"), [("місто", "міст"), ("школа", "шкіра"), ("парк", "паперовий"), ("12", "120")]
)
def test_words_that_only_resemble_each_other_do_not_meet(db, asked, written):
    made = given.contest()
    given.submitted_project(made, f"Проєкт: {written}", text="Пояснення.")
    assert [each.title for each in found_projects(made, Filters(text=asked))] == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("shkola", 2), ("maidanchyk", 1), ("biblioteka", 3), ("ukryttia", 2), ("vulytsia", 1), ("Sobornosti", 1),
        ("soniachni paneli", 5), ("hromadskyi", 6), ("litsei", 5), ("velodorizhka", 4), ("wi-fi", 6),
        ("irjkf", 2), ("vfqlfyxbr", 1), ("crdth", 3), (",s,ksjntrf", 3), ("dekbwz", 1),
        ("мaйдaнчик", 1), ("велодорiжка", 4), ("подвірʼя", 3), ("подвіря", 3), ("подвiр'я", 3), ("ганківська", 7),
        ("№ 12 школа", 0), ("№2", 2), ("№ 5", 5), ("wifi", 6), ("Wi‑Fi", 6), ("шко\u0301ла", 2),
    ],
)  # fmt: skip
def test_other_letters_and_signs_mean_the_same(contest, typed, number):
    if number:
        assert found(contest, typed)[:1] == [TITLES[number - 1]]
    else:
        assert found(contest, typed) == []  # no project has the number twelve


@pytest.mark.parametrize(
    ("typed", "meant", "number"),
    [
        ("майданчк", "майданчик", 1), ("велодорожка", "велодоріжка", 4), ("бібліотика", "бібліотеки", 3),
        ("громадьский", "громадський", 6), ("сковер", "сквер", 3), ("укритя", "укриття", 2),
    ],
)  # fmt: skip
def test_a_slip_of_the_hand_is_met_and_said(contest, typed, meant, number):
    assert found(contest, typed)[:1] == [TITLES[number - 1]]
    assert instead(contest, typed) == {typed: meant}
    assert found(contest, typed, is_exact=True) == []


def test_a_word_that_occurs_is_never_corrected(contest):
    assert instead(contest, "сквер") == {}
    assert instead(contest, "сквер велодоріжка") == {}  # both occur, in no one project


@pytest.mark.parametrize("text", ["басейн", "ццц", "12345678", "щось зовсім інше"])
def test_what_is_like_nothing_stays_not_found(contest, text):
    assert found(contest, text) == []
    assert instead(contest, text) == {}


@pytest.mark.parametrize(
    "text",
    ["'", "''", "\\", "'; DROP TABLE projects_project; --", "школа:*", "a & b | !c <-> d", "(", ":A", "%", "_", "100%",
     "\\'", "школа' | 'x", "=школ", "?школ", "#1", "\u0000", "а" * 5000, "слово " * 3000,
     "№", "№ 99999999999", "́", "-", "'-'"],
)  # fmt: skip
def test_signs_of_the_query_language_are_only_signs(contest, text):
    assert len(found(contest, text)) <= len(TITLES)
    assert Project.objects.count() == len(TITLES)


@any_of(st.text(max_size=60))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_the_search(contest, text):
    assert len(found(contest, text)) <= len(TITLES)


_LETTERS = st.sampled_from("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’- abcxyz0123456789№.«»")


@any_of(st.text(_LETTERS, min_size=1, max_size=40).filter(lambda text: words_of(text)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_project_is_found_by_each_word_of_its_title(contest, title):
    project = Project.objects.get(number=1)
    project.title = title
    project.save(update_fields=["title"])
    index_projects([project])
    for word in words_of(title):
        for exact in (False, True):
            found = found_projects(contest, Filters(text=word, is_exact=exact))
            assert found.filter(pk=project.pk).exists(), (title, word)


class TestWhatIsNotPublic:
    def test_it_is_never_found(self, contest):
        Project.objects.filter(number=1).update(published_at=None)
        for text in ("майданчик", "майданчк", "№ 1", "maidanchyk", TITLES[0]):
            assert TITLES[0] not in found(contest, text)

    def test_no_suggestion_comes_from_it(self, contest):
        Project.objects.filter(number=4).update(published_at=None)
        assert SearchWord.objects.filter(word="велодоріжка").exists()
        assert instead(contest, "велодорожка") == {}

    def test_another_community_is_not_searched(self, contest):
        other = given.contest(given.community(given.LVIV), slug="lviv")
        assert found(other, "майданчик") == []
        assert instead(other, "майданчк") == {}

    def test_a_co_author_is_found_once_the_name_may_stand_there(self, contest):
        project = Project.objects.get(number=2)
        member = TeamMember.objects.create(
            project=project,
            name="Зоряна Дивовижна",
            code_hash=b"1" * 32,
            state="confirmed",
            invited_at=clock.now(),
        )
        index_projects([project])
        assert found(contest, "Дивовижна") == []
        TeamMember.objects.filter(pk=member.pk).update(shows_name=True)
        index_projects([project])
        assert found(contest, "Дивовижна") == [TITLES[1]]

    def test_drafts_are_not_indexed(self, contest):
        project = Project.objects.get(number=2)
        project.state = "draft"
        assert index_projects([project]) == 0


def test_title_before_forms_before_place_before_text(contest):
    given.submitted_project(contest, "Лавки", text="Біля фонтана.")
    given.submitted_project(contest, "Клумби", place_name="площа Фонтан")
    given.submitted_project(contest, "Ремонт фонтанів")
    given.submitted_project(contest, "Великий фонтан у центрі")
    given.submitted_project(contest, "Фонтан")
    assert (
        found(contest, "фонтан")
        == ["Фонтан", "Великий фонтан у центрі", "Ремонт фонтанів", "Клумби", "Лавки"]
        or found(contest, "фонтан")[0] == "Фонтан"
    )


def test_the_body_is_searched_over_all_its_contests(contest):
    later = given.contest(slug="2027")
    given.submitted_project(later, "Ще один майданчик")
    result = search_result(Scope(contest.community), Filters(text="майданчики"))
    assert {project.contest.slug for project in result.projects} == {"2026", "2027"}


def test_near_me_sorts_by_distance_and_those_without_a_place_stand_last(contest):
    here = (Decimal("49.5894"), Decimal("34.5510"))
    for number, shift in ((3, 1), (1, 20), (5, 300)):
        Project.objects.filter(number=number).update(
            latitude=here[0], longitude=here[1] + shift * Decimal("0.001")
        )
    order = [
        each.number
        for each in search_result(Scope(contest.community, contest), Filters(sort="near", near=here)).projects
    ]
    assert order[:3] == [3, 1, 5]
    assert 71 <= metres(here, (here[0], here[1] + Decimal("0.001"))) <= 73
    assert 110_000 < metres(here, (here[0] + 1, here[1])) < 112_000


def test_facets_count_each_value_with_the_other_filters(contest):
    Project.objects.filter(number__in=[1, 2]).update(category="sport")
    Project.objects.filter(number=1).update(size_class="large")
    scope = Scope(contest.community, contest)
    counted = facets(scope, Filters(category="sport"), None)
    assert counted.categories == {"sport": 2, "parks": 5}
    assert counted.sizes == {"large": 1, "small": 1}
    assert counted.territories[given.DISTRICT] == 2
    assert facets(scope, Filters(), question_of("школа")).categories == {"sport": 1}


class TestTheAddress:
    def test_filters_come_back_from_their_text(self):
        wanted = Filters(
            text="дитячий майданчик", size_class="small", category="sport", kind="soft", territory=given.DISTRICT,
            state="won", min_cost=12_345, max_cost=5_000_000, with_pictures=True, is_exact=True,
            box=(Decimal("34.5"), Decimal("49.5"), Decimal("34.6"), Decimal("49.6")), sort="number",
        )  # fmt: skip
        assert filters_from(query_string(wanted)) == wanted
        assert canonical({"q": "  a   b ", "page": "3", "seed": "x", "size": ""}) == "q=a+b"

    @pytest.mark.parametrize(
        "box", ["", "1,2,3", "a,b,c,d", "9,9,1,1", "NaN,1,2,3", "1,2,3,999", "1e999,0,1,1"]
    )
    def test_a_box_that_is_none_narrows_nothing(self, box):
        assert filters_from(f"box={box}").box is None


@pytest.mark.parametrize(
    ("typed", "word"), [("shkola", "школа"), ("hromadskyi", "громадський"), ("ploshcha", "площа")]
)
def test_latin_letters_are_read_back(typed, word):
    assert word in readings(typed)


def test_the_other_layout_is_read():
    assert slipped("irjkf") == "школа"
    assert slipped("123") == ""
