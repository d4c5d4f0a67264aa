"""Talk about a project is moderated by the rules, and no place for personal data, advertising or shouting."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests import given
from tests.crowd import at_once, refusals

from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.actions import withdraw_project
from viche.talk.actions import (
    hide_comment,
    hide_news,
    publish_comment,
    publish_news,
    report_comment,
    withdraw_comment,
    write_comment,
)
from viche.talk.models import Comment, Report
from viche.talk.queries import comments_on, number_of_comments, waiting_comments
from viche.talk.screening import fault_in, plain

DAY = given.day(6)
PETRO = "Петро"


def talked_about(policy="after"):
    return given.submitted_project(given.contest(rules={**given.RULES, "comments": policy}))


def say(project, text="Чудова думка, підтримую!", *, who=PETRO, at=DAY, **facts):
    someone = given.person(who)
    with clock.at(at):
        return write_comment(
            project=project, text=text, by=actor_of(someone, project.contest.community), **facts
        )


def refused(action, **said):
    with clock.at(DAY), pytest.raises(Refused) as caught:
        action(**said)
    return caught.value


def moderator(project):
    return given.official("Юлія", "editor", project.contest.community)


class TestWhatACommentMayNotHold:
    @pytest.mark.parametrize(
        "text",
        [
            "Дивіться https://example.com/x", "пишіть на www . site", "заходьте на my-shop.com.ua", "t.me/canal",
            "hxxp://bad.link", "наш сайт громада.укр",
        ],
    )  # fmt: skip
    def test_links_are_refused(self, text):
        assert "силан" in fault_in(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Телефонуйте 067 123 45 67", "+38 (050) 111-22-33", "мій код 3184710691", "картка 4149 4993 1234 5678",
            "паспорт КН 123456", "olena@example.com", "olena (at) example.com",
        ],
    )  # fmt: skip
    def test_contacts_and_numbers_of_people_are_refused(self, text):
        assert fault_in(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Потрібно 1 200 000 гривень на рік 2027.", "Будинки 12, 14 та 16, тел. домофону не працює",
            "У 2024–2025 рр. було 350 000 000", "Гарно. Так і треба!", "вул.Соборна,12", "м.Полтава",
            "Збори 03.09.2026 о 14:30, прийдіть",
        ],
    )  # fmt: skip
    def test_sums_years_and_addresses_are_fine(self, text):
        assert fault_in(text) == ""

    def test_shouting_is_asked_to_calm_down_and_a_short_word_is_not(self):
        assert fault_in("ЦЕ НЕПОДОБСТВО КУДИ ДИВИТЬСЯ РАДА") != ""
        assert fault_in("УРА! Нарешті.") == ""

    def test_control_signs_and_marks_that_turn_the_writing_are_taken_out(self):
        assert plain("а\u202eб\u200bв\x00г\r\n\n\n\nд") == "абвг\n\nд"


@pytest.mark.django_db
class TestWriting:
    def test_a_resident_writes_and_everybody_reads(self):
        project = talked_about()
        say(project)
        assert number_of_comments(project) == 1
        assert comments_on(project)[0].person.short_name == "Петро К."

    def test_where_the_rules_have_it_read_before_only_its_writer_sees_it(self):
        project = talked_about("before")
        made = say(project)
        assert made.state == "waiting"
        assert not comments_on(project).exists()
        assert comments_on(project, given.person(PETRO)).exists()
        assert [each.pk for each in waiting_comments(project.contest)] == [made.pk]
        publish_comment(comment=made, by=moderator(project))
        assert number_of_comments(project) == 1

    def test_an_author_answers_at_once_and_is_marked(self):
        project = talked_about("before")
        asked = say(project)
        publish_comment(comment=asked, by=moderator(project))
        answer = say(project, "Дякую, так і зробимо.", who="Олена", parent=asked.pk)
        assert (answer.state, answer.is_by_author, answer.parent) == ("published", True, asked)
        again = say(project, "А коли саме?", at=DAY + timedelta(hours=1), parent=answer.pk)
        assert again.parent == asked, "answers are not answered: the talk stays two levels deep"

    def test_a_question_to_the_community_is_the_authors_alone(self):
        project = talked_about()
        assert say(project, "Де краще гойдалки?", who="Олена", kind="question").kind == "question"
        assert say(project, "А чому?", kind="question").kind == "comment"
        say(project, "Ще думка.", at=DAY + timedelta(hours=2))
        assert comments_on(project)[0].kind == "question"

    def test_rules_without_comments_and_projects_taken_back_have_no_talk(self):
        project = talked_about("off")
        assert refused(say, project=project).code == "comments_off"
        other = talked_about_again(project)
        with clock.at(DAY):
            withdraw_project(project=other, by=actor_of(given.person("Олена"), other.contest.community))
        other.refresh_from_db()
        assert refused(say, project=other).code == "comments_off"

    def test_strangers_do_not_write_here(self):
        project = talked_about()
        taras = given.person("Тарас", region="Львівська", locality="м. Львів")
        said = refused(write_comment, project=project, text="Привіт!", by=actor_of(taras))
        assert (said.code, said.status) == ("not_member", 403)

    def test_nobody_floods_and_nobody_repeats(self):
        project = talked_about()
        for number in range(5):
            say(project, f"Думка {number}")
        said = refused(say, project=project, text="Ще одна")
        assert (said.code, said.status) == ("too_many_comments", 429)
        assert say(project, "Ще одна", at=DAY + timedelta(minutes=11))
        assert refused(say, project=project, text="Думка 3").code == "bad_comment"

    def test_what_is_taken_back_is_erased_and_its_place_stays(self):
        project = talked_about()
        made = say(project)
        assert refused(withdraw_comment, comment=made, by=actor_of(given.person("Марта"))).code == "not_yours"
        withdraw_comment(comment=made, by=actor_of(given.person(PETRO)))
        made.refresh_from_db()
        assert (made.state, made.text) == ("taken_back", "")
        assert refused(hide_comment, comment=made, reason="Лайка", by=moderator(project)).code == "gone"


def talked_about_again(project):
    return given.submitted_project(given.contest(project.contest.community, slug="2026-2"))


@pytest.mark.django_db
class TestModerating:
    def test_three_reports_hide_until_a_moderator_looks(self):
        project = talked_about()
        made = say(project)
        for name in ("Марта", "Юрій", "Марта"):
            report_comment(comment=made, reason="insult", by=actor_of(given.person(name)))
        made.refresh_from_db()
        assert made.state == "published", "twice by one person counts once"
        assert waiting_comments(project.contest).count() == 1
        report_comment(comment=made, reason="spam", by=actor_of(given.person("Ганна")))
        made.refresh_from_db()
        assert made.state == "waiting"
        publish_comment(comment=made, by=moderator(project))
        made.refresh_from_db()
        assert made.state == "published"
        assert not waiting_comments(project.contest).exists()
        assert Entry.objects.filter(kind="CommentShown").count() == 1

    def test_one_does_not_report_oneself(self):
        made = say(talked_about())
        assert (
            refused(report_comment, comment=made, reason="spam", by=actor_of(given.person(PETRO))).code
            == "nothing_to_report"
        )

    def test_who_hides_gives_a_reason_that_stands_in_its_place(self):
        project = talked_about()
        made = say(project)
        by = moderator(project)
        assert set(refused(hide_comment, comment=made, reason=" ", by=by).fields) == {"reason"}
        hide_comment(comment=made, reason="Образа сусіда", by=by)
        shown = comments_on(project)[0]
        assert (shown.state, shown.state_reason) == ("hidden", "Образа сусіда")
        assert "Образа" not in Entry.objects.get(kind="CommentHidden").leaf
        for name, role in (("Оксана", "operator"), ("Ірина", "commission")):
            stranger = given.official(name, role, project.contest.community)
            assert refused(hide_comment, comment=made, reason="x", by=stranger).status == 403

    def test_the_database_keeps_one_report_a_person(self):
        made = say(talked_about())
        marta = given.person("Марта")
        Report.objects.create(comment=made, person=marta, reason="spam", at=DAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(comment=made, person=marta, reason="spam", at=DAY)


@pytest.mark.django_db
class TestNews:
    def test_authors_and_officials_write_news_and_the_journal_seals_it(self):
        project = talked_about()
        olena = actor_of(given.person("Олена"), project.contest.community)
        with clock.at(DAY):
            publish_news(project=project, title="Зібрали підписи", text="Дякуємо всім.", by=olena)
            news = publish_news(
                project=project, title="Розгляд", text="Комісія збирається.", by=moderator(project)
            )
        assert [each.is_by_body for each in project.news.all()] == [True, False]
        assert Entry.objects.filter(kind="NewsPublished").count() == 2
        petro = actor_of(given.person(PETRO), project.contest.community)
        assert refused(publish_news, project=project, title="Новина", text="Текст", by=petro).status == 403
        hide_news(news=news, reason="Помилка", by=moderator(project))
        assert project.news.get(pk=news.pk).hidden_reason == "Помилка"

    def test_followers_are_not_flooded(self):
        project = talked_about()
        olena = actor_of(given.person("Олена"), project.contest.community)
        with clock.at(DAY):
            for number in range(3):
                publish_news(project=project, title=f"Новина {number}", text="Текст новини.", by=olena)
        said = refused(publish_news, project=project, title="Новина 4", text="Текст новини.", by=olena)
        assert said.code == "too_many_news"
        bad = refused(publish_news, project=project, title="", text="www.spam.com", by=olena)
        assert set(bad.fields) == {"title", "text"}


def test_many_windows_do_not_pass_the_pace(committed_db):
    project = talked_about()
    found = at_once(8, lambda place: say(project, f"Думка {place}"))
    assert refusals(found) == ["too_many_comments"] * 3
    assert Comment.objects.count() == 5
