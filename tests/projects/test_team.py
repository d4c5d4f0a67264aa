"""Writing a project together: who is invited, who joins, who is named, and what a co-author may do."""

import pytest
from tests import given
from tests.crowd import at_once, refusals

from viche.ballots.actions import candidates_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.letters import words_of
from viche.identity.models import Letter
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.actions import (
    accept_coauthor_invitation,
    create_draft,
    decline_coauthor_invitation,
    end_coauthorship,
    invite_coauthor,
    resend_coauthor_invitation,
    save_project,
    submit_draft,
)
from viche.projects.models import Project, State, TeamMember
from viche.projects.team import (
    authors_shown,
    invitation_to,
    secret_hash,
    team_of,
    waiting_members,
    written_codes,
)
from viche.review.actions import decide_review

BASE = "https://viche.example/poltava/"
THREE = {**given.RULES, "submission": {"max_team": 3, "edits": "until-decided"}}
GOOD = {
    "title": "Сквер на розі", "summary": "Зелений куточок.", "text": "Посадимо дерева.", "category": "parks",
    "cost": 30_000_000, "contact": "067 000 00 00", "agreed": {"publication": True},
}  # fmt: skip

pytestmark = pytest.mark.django_db


def olena():
    return given.person("Олена")


def petro(**facts):
    return given.person("Петро", family_name="Шевчук", **facts)


def draft(contest: Contest | None = None) -> Project:
    contest = contest or given.contest(rules=THREE)
    by = actor_of(olena(), contest.community)
    with clock.at(given.day(5)):
        made = create_draft(contest=contest, author=olena(), by=by)
        return save_project(project=made, changes=GOOD, revision=made.revision, by=by)


def invite(project: Project, name: str = "Петро з третього", *, by=None, on: int = 5, **facts):
    by = actor_of(by or olena(), project.contest.community)
    with clock.at(given.day(on)):
        return invite_coauthor(project=project, name=name, language="uk", base=BASE, by=by, **facts)


def join(member: TeamMember, person=None, *, shows_name: bool = True, on: int = 6) -> TeamMember:
    with clock.at(given.day(on)):
        return accept_coauthor_invitation(member=member, person=person or petro(), shows_name=shows_name)


def end(member: TeamMember, by, *, on: int = 6) -> None:
    with clock.at(given.day(on)):
        end_coauthorship(member=member, by=actor_of(by, member.project.contest.community))


def submit(project: Project, *, by=None, on: int = 7) -> Project:
    with clock.at(given.day(on)):
        return submit_draft(project=project, by=actor_of(by or olena(), project.contest.community))


def refused(act, *args, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(*args, **wanted)
    assert str(answer.value.message)
    return answer.value


class TestInviting:
    def test_only_the_hash_of_the_secret_is_kept(self):
        project = draft()
        member, secret = invite(project)
        assert bytes(member.code_hash) == secret_hash(secret)
        assert secret not in str(TeamMember.objects.values().get())
        assert invitation_to(secret, project.contest) == member

    def test_a_secret_opens_nothing_in_another_contest(self):
        project = draft()
        _member, secret = invite(project)
        assert invitation_to(secret, given.contest(slug="other", rules=THREE)) is None
        assert invitation_to("none", project.contest) is None

    def test_the_team_is_no_larger_than_the_regulation_says_open_invitations_counted(self):
        project = draft()
        first, _secret = invite(project)
        invite(project, "Марта")
        assert refused(invite, project, "Юрій").code == "too_many_people"
        end(first, olena())
        invite(project, "Юрій")

    def test_names_and_addresses_are_checked_at_their_fields(self):
        answer = refused(invite, draft(), " ", email="не адреса")
        assert set(answer.fields) == {"name", "email"}

    def test_only_whoever_writes_the_project_invites(self):
        project = draft()
        assert refused(invite, project, by=petro()).status == 403
        member, _secret = invite(project)
        join(member)
        invite(project, "Марта", by=petro())

    def test_an_address_is_invited_once_and_then_anew(self):
        project = draft()
        member, former = invite(project, email="Petro@Example.org")
        assert refused(invite, project, email="petro@example.org").code == "already_invited"
        by = actor_of(olena(), project.contest.community)
        with clock.at(given.day(5)):
            again, secret = resend_coauthor_invitation(member=member, language="uk", base=BASE, by=by)
        assert (again.name, again.email) == (member.name, "petro@example.org")
        assert refused(join, invitation_to(former, project.contest)).code == "not_open"
        assert join(invitation_to(secret, project.contest)).state == "confirmed"

    def test_nobody_is_invited_after_the_submission(self):
        project = submit(draft())
        invite(project, on=8)
        assert refused(invite, project, "Марта", on=21).code == "wrong_phase"

    def test_invitations_at_once_do_not_overfill_the_team(self, transactional_db):
        project = draft()
        results = at_once(6, lambda n: invite(project, f"Людина {n}"))
        assert refusals(results) == ["too_many_people"] * 4
        assert len(waiting_members(project)) == 2


class TestTheLetter:
    def test_it_is_put_together_when_it_is_sent_and_leads_to_the_invitation(self):
        _member, secret = invite(draft(), email="petro@example.org")
        letter = Letter.objects.get()
        assert (letter.to, letter.kind) == ("petro@example.org", "team")
        with clock.at(given.day(5)):
            subject, text = words_of(letter)
        assert "Сквер на розі" in subject
        assert f"{BASE}2026/team/{secret}/" in text

    def test_it_says_nothing_once_the_invitation_was_taken_back(self):
        member, _secret = invite(draft(), email="petro@example.org")
        end(member, olena())
        with clock.at(given.day(6)):
            assert words_of(Letter.objects.get()) is None

    def test_without_an_address_or_mail_there_is_none(self, settings):
        project = draft()
        invite(project)
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        invite(project, "Марта", email="marta@example.org")
        assert not Letter.objects.exists()


class TestJoining:
    def test_a_coauthor_writes_like_the_author(self):
        project = draft()
        join(invite(project)[0])
        by = actor_of(petro(), project.contest.community)
        with clock.at(given.day(6)):
            held = save_project(
                project=project,
                changes={"title": "Сквер і лави"},
                revision=Project.objects.get().revision,
                by=by,
            )
        assert held.title == "Сквер і лави"
        assert submit(project, by=petro()).state == State.IN_REVIEW

    def test_the_same_conditions_as_for_an_author(self):
        from_lviv = given.person("Тарас", serial=909, region="Львівська", locality="м. Львів")
        member, _secret = invite(draft())
        assert refused(join, member, from_lviv).code == "not_eligible"
        member.refresh_from_db()
        assert member.state == "invited"

    def test_a_person_is_in_a_team_once(self):
        project = draft()
        first, second = invite(project)[0], invite(project, "Він самий")[0]
        assert refused(join, first, olena()).code == "already_author"
        join(first)
        assert refused(join, second).code == "already_author"

    def test_pressed_twice_at_once_it_is_one_place(self, transactional_db):
        project = draft()
        members = [invite(project)[0], invite(project, "Він самий")[0]]
        person = petro()
        results = at_once(8, lambda n: join(members[n % 2], person))
        assert set(refusals(results)) <= {"already_author"}
        assert TeamMember.objects.filter(state="confirmed").count() == 1

    def test_a_link_used_by_one_is_closed_to_another(self):
        member, _secret = invite(draft())
        join(member)
        assert refused(join, member, given.person("Марта")).code == "not_open"

    def test_only_those_who_agreed_are_named(self):
        project = draft()
        first, second = invite(project)[0], invite(project, "Марта")[0]
        join(first, shows_name=True)
        join(second, given.person("Марта"), shows_name=False)
        assert authors_shown(project) == ["Олена Коваленко", "Петро Шевчук"]
        join(first, shows_name=False)
        assert authors_shown(project) == ["Олена Коваленко"]

    def test_whoever_declines_is_out_and_may_be_invited_anew(self):
        project = draft()
        member, _secret = invite(project)
        decline_coauthor_invitation(member=member)
        decline_coauthor_invitation(member=member)
        assert refused(join, member).code == "not_open"
        by = actor_of(olena(), project.contest.community)
        with clock.at(given.day(6)):
            again, _secret = resend_coauthor_invitation(member=member, language="uk", base=BASE, by=by)
        assert [each.state for each in team_of(project)] == ["invited"]
        join(again)
        assert refused(decline_coauthor_invitation, member=again).code == "not_open"

    def test_it_is_written_into_the_journal_of_a_submitted_project_without_a_name(self):
        project = draft()
        join(invite(project)[0])
        assert not Entry.objects.filter(kind="TeamChanged").exists()
        submit(project)
        join(invite(project, "Марта", on=8)[0], given.person("Марта"), on=9)
        entry = Entry.objects.get(kind="TeamChanged")
        assert '"people":3' in str(entry.leaf)
        assert "Марта" not in str(entry.leaf)


class TestWhoNeverAnswers:
    """A co-author who never confirms keeps nothing from going on and is nowhere published."""

    def test_the_project_is_submitted_and_the_author_can_be_told(self):
        project = draft()
        invite(project)
        assert [each.name for each in waiting_members(project)] == ["Петро з третього"]
        held = submit(project)
        assert held.state == State.IN_REVIEW
        assert authors_shown(held) == ["Олена Коваленко"]

    def test_the_invitation_ends_with_the_submission(self):
        project = draft()
        member, _secret = invite(project)
        submit(project)
        with_last_hour = given.day(19, hour=23)
        with clock.at(given.day(20, hour=0)):
            assert refused(
                accept_coauthor_invitation, member=member, person=petro(), shows_name=True
            ).code == "expired"  # fmt: skip
        with clock.at(with_last_hour):
            accept_coauthor_invitation(member=member, person=petro(), shows_name=True)


class TestLeaving:
    def test_a_coauthor_leaves_and_writes_no_more(self):
        project = draft()
        member, _secret = invite(project)
        join(member)
        end(member, petro())
        end(member, petro())
        assert team_of(project) == []
        assert refused(invite, project, "Марта", by=petro()).status == 403

    def test_one_coauthor_does_not_take_off_another(self):
        project = draft()
        first, second = invite(project)[0], invite(project, "Марта")[0]
        join(first)
        join(second, given.person("Марта"))
        assert refused(end, second, petro()).code == "not_author"

    def test_on_the_ballot_the_authors_stay(self):
        project = draft()
        member, _secret = invite(project)
        join(member)
        submit(project)
        with clock.at(given.day(25)):
            decide_review(
                project=project, verdict="admit",
                by=given.official("Ірина", "commission", project.contest.community),
            )  # fmt: skip
        assert refused(end, member, olena(), on=25).code == "wrong_state"
        assert refused(end, member, petro(), on=45).code == "wrong_phase"

    def test_for_the_ballot_the_project_is_a_coauthors_own(self):
        project = draft()
        join(invite(project)[0])
        invite(project, "Марта")
        project = submit(project)
        with clock.at(given.day(25)):
            decide_review(
                project=project, verdict="admit",
                by=given.official("Ірина", "commission", project.contest.community),
            )  # fmt: skip
        contest = project.contest
        for person, is_own in (
            (petro(), True),
            (olena(), True),
            (given.person("Марта"), False),
            (None, False),
        ):
            assert candidates_of(contest, person)[project.code].is_own is is_own
        assert written_codes(petro(), contest) == {project.code}
