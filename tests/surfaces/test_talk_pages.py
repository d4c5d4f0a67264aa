"""Pages of talk: comments, reports, news, the moderator's desk, posters."""

import pytest

from tests import given
from tests.surfaces.ground import browser, holder, prefix, resident
from viche.foundation import clock
from viche.projects.models import Project
from viche.talk.models import Comment

NOW = given.day(45)


@pytest.fixture
def project(ground):
    return Project.objects.select_related("contest__community").get(contest=ground.voting, number=1)


def place(project, name="talk"):
    return f"{prefix(project.contest.community)}{project.contest.slug}/projects/{project.number}/{name}/"


def get(client, path):
    with clock.at(NOW):
        return client.get(path)


def post(client, path, **fields):
    with clock.at(NOW):
        return client.post(path, fields)


@pytest.mark.django_db
class TestTalk:
    def test_a_resident_writes_answers_and_takes_back(self, project):
        petro = browser(resident())
        path = place(project)
        assert post(petro, path, text="Чи буде світло?").status_code == 302
        comment = Comment.objects.get()
        olena = browser(given.person("Олена"))
        post(olena, path, text="Так, ліхтарі в кошторисі.", parent=str(comment.pk))
        page = get(browser(), path).content.decode()
        assert "Чи буде світло?" in page
        assert "автор проєкту" in page
        assert (
            "Чи буде світло?" in get(browser(), place(project, "talk").replace("talk/", "")).content.decode()
        )
        assert post(petro, f"{path}{comment.pk}/").status_code == 302
        assert "Чи буде світло?" not in get(browser(), path).content.decode()

    def test_what_is_refused_stays_in_the_field_with_its_reason(self, project):
        answer = post(browser(resident()), place(project), text="Телефон 067 123 45 67, дзвоніть")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "067 123 45 67" in page
        assert "field-error" in page

    def test_who_is_not_identified_is_sent_to_identify(self, project):
        answer = post(browser(), place(project), text="Привіт")
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]

    def test_markup_stays_text(self, project):
        post(browser(resident()), place(project), text="<script>alert(1)</script> <b>так</b>")
        page = get(browser(), place(project)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;b&gt;" in page

    def test_a_report_reaches_the_moderator_who_hides_with_a_reason(self, ground, project):
        post(browser(resident()), place(project), text="Ви всі дурні")
        comment = Comment.objects.get()
        marta = browser(resident("Марта"))
        report = f"{place(project)}{comment.pk}/"
        assert get(marta, report).status_code == 200
        assert post(marta, report, reason="").status_code == 422
        assert post(marta, report, reason="insult").status_code == 302
        desk = f"{prefix(ground.poltava)}office/2026/talk/"
        editor = browser(holder("Юлія", "editor", ground.poltava))
        assert "образа" in get(editor, desk).content.decode()
        empty = post(editor, desk, comment=str(comment.pk), act="hide")
        assert empty.status_code == 422
        name = f"{comment.pk}-reason"
        assert (
            post(editor, desk, comment=str(comment.pk), act="hide", **{name: "Образа мешканців"}).status_code
            == 302
        )
        page = get(browser(), place(project)).content.decode()
        assert "Образа мешканців" in page
        assert "Ви всі дурні" not in page
        assert get(browser(), report).status_code in {302, 404}
        assert post(editor, desk, comment=str(comment.pk), act="publish").status_code == 302
        assert "Ви всі дурні" in get(browser(), place(project)).content.decode()

    def test_the_list_takes_as_many_queries_for_three_comments_as_for_one(
        self, project, django_assert_max_num_queries
    ):
        for number in range(3):
            post(browser(resident()), place(project), text=f"Думка номер {number}")
        with django_assert_max_num_queries(14):
            get(browser(), place(project))


@pytest.mark.django_db
def test_news_are_written_by_the_author_and_read_by_everybody(project):
    path = place(project, "news")
    assert "<form" not in get(browser(), path).content.decode().split("<main")[1]
    olena = browser(given.person("Олена"))
    assert post(olena, path, title="Ми зібрали підписи", text="Дякуємо кожному.").status_code == 302
    assert "Ми зібрали підписи" in get(browser(), path).content.decode()
    assert (
        "Ми зібрали підписи" in get(browser(), place(project, "news").replace("news/", "")).content.decode()
    )
    assert post(olena, path, title="", text="").status_code == 422
    assert post(browser(resident()), path, title="Новина", text="Текст").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "copies"), [("a4", 1), ("a3", 1), ("leaflets", 4), ("none", 1)])
def test_a_poster_says_what_where_and_leads_here_by_a_code(project, size, copies):
    page = get(browser(), f"{place(project, 'poster')}?size={size}").content.decode()
    assert page.count('class="poster"') == copies
    assert project.title in page
    assert page.count('class="qr"') == copies
    assert "testserver/" in page
