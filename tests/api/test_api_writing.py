"""What programs of a body write, in the name of an official and by no more than that official's rights."""

import base64
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from tests import given, programs
from tests.review import commission
from tests.surfaces.ground import publish

from viche.connectors.clients import actions
from viche.connectors.clients.actions import Limits
from viche.connectors.clients.models import Call, Secret
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.actions import end_office
from viche.identity.models import Access, Office, Register
from viche.identity.queries import actor_of
from viche.projects.actions import mark_milestone, plan_milestone, start_work
from viche.projects.models import Project
from viche.review.actions import assign_review

PROJECTS = "contests/2026/projects"


def number_of(name: str) -> str:
    return given.claims(name, serial=given.serial_of(name)).tax_number


@pytest.fixture
def submitting(db):
    """A contest that takes projects; Olena has identified."""
    made = given.contest()
    given.person("Олена")
    with clock.at(given.day(5)):
        yield programs.program(made.community), made


@pytest.fixture
def reviewed(db):
    """A project under review, the department of the program's official asked."""
    made = given.contest()
    project = given.submitted_project(made)
    with clock.at(given.day(25)):
        program = programs.program(made.community)
        assign_review(
            project=project, unit="Управління ЖКГ", by=actor_of(program.row.official, made.community)
        )
        yield program, project


@pytest.fixture
def won(db):
    """A winner that is to be built."""
    made, projects = given.voting_contest()
    publish(made, {"Марта": projects[:1], "Юрій": projects[:1]})
    with clock.at(given.day(75)):
        yield programs.program(made.community), projects[0]


# --- projects -------------------------------------------------------------------------------------------------


def test_a_project_on_paper_is_submitted_and_changed(submitting):
    program, _made = submitting
    answer = program.post(PROJECTS, {**programs.NEW_PROJECT, "author": number_of("Олена")})
    assert answer.status_code == 201, answer.content
    made = Project.objects.get()
    assert (made.number, made.author.given_name, made.title) == (1, "Олена", "Сквер біля школи")
    assert answer.json()["href"] == answer["Location"]
    assert b"3" + number_of("Олена").encode() not in answer.content
    changed = program.change(f"{PROJECTS}/1", {"title": "Сквер біля гімназії"})
    # the rules of this contest let nobody change a submitted project
    assert (changed.status_code, changed.json()["code"]) == (409, "wrong_procedure")


def test_a_project_changes_while_the_rules_let_its_author_change_it(db):
    rules = {**given.RULES, "submission": {"edits": "until-decided"}}
    made = given.contest(rules=rules)
    given.person("Олена")
    with clock.at(given.day(5)):
        program = programs.program(made.community)
        program.post(PROJECTS, {**programs.NEW_PROJECT, "author": number_of("Олена")})
        answer = program.change(f"{PROJECTS}/1", {"title": "Сквер біля гімназії"})
        assert answer.status_code in {200, 422}, answer.content


def test_nobody_unknown_becomes_an_author(submitting):
    program, _made = submitting
    answer = program.post(PROJECTS, {**programs.NEW_PROJECT, "author": number_of("Невідома")})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_eligible")
    bad = program.post(PROJECTS, {**programs.NEW_PROJECT, "author": "1234567890"})
    assert (bad.status_code, bad.json()["code"]) == (422, "bad_number")
    assert not Project.objects.exists()


def test_a_look_at_a_person_stays_on_record_and_tells_nothing_of_them(submitting):
    program, _made = submitting
    facts = {"born": date(2020, 1, 1), "serial": given.serial_of("Дитина")}
    child = given.person("Дитина", **facts)
    answers = [
        program.post(PROJECTS, {**programs.NEW_PROJECT, "author": number})
        for number in (number_of("Невідома"), given.claims("Дитина", **facts).tax_number)
    ]
    assert answers[0].status_code == answers[1].status_code == 422
    assert answers[0].json() == answers[1].json()
    looks = Access.objects.filter(page="api-projects").order_by("at")
    assert [each.people for each in looks] == [[], [child.pk]]


def test_a_repeated_request_is_done_once(submitting):
    program, _made = submitting
    body = {**programs.NEW_PROJECT, "author": number_of("Олена")}
    first = program.post(PROJECTS, body, key="request-0001")
    second = program.post(PROJECTS, body, key="request-0001")
    assert (second.status_code, second.json()) == (first.status_code, first.json()) == (201, first.json())
    assert (first["Idempotency-Replayed"], second["Idempotency-Replayed"]) == ("false", "true")
    other = program.post(PROJECTS, {**body, "title": "Щось зовсім інше"}, key="request-0001")
    assert (other.status_code, other.json()["code"]) == (422, "request_reused")
    assert Project.objects.count() == 1


def test_a_refused_request_may_be_repeated_with_the_same_key(submitting):
    program, _made = submitting
    body = {**programs.NEW_PROJECT, "author": number_of("Петро")}
    assert program.post(PROJECTS, body, key="request-0001").status_code == 422
    given.person("Петро")
    assert program.post(PROJECTS, body, key="request-0001").status_code == 201


@pytest.mark.parametrize("key", ["", "short", "with space inside", "x" * 65])
def test_a_post_without_a_good_key_is_refused(submitting, key):
    program, _made = submitting
    answer = program.post(PROJECTS, {**programs.NEW_PROJECT, "author": number_of("Олена")}, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "no_request_key")


def test_the_same_reference_is_submitted_once(submitting):
    program, _made = submitting
    body = {**programs.NEW_PROJECT, "author": number_of("Олена")}
    program.post(PROJECTS, body)
    assert program.post(PROJECTS, body).json()["code"] == "reference_used"


# --- reviews --------------------------------------------------------------------------------------------------


def test_a_department_sees_what_it_is_asked_and_signs_its_opinion(reviewed):
    program, _project = reviewed
    asked = program.get("reviews").json()["items"]
    assert [(each["number"], each["unit"]) for each in asked] == [(1, "Управління ЖКГ")]
    said = {
        "conclusion": "positive", "checks": {name: {"answer": "yes"} for name in asked[0]["checks"]},
        "reasons": "Земля належить громаді.",
    }  # fmt: skip
    answer = program.post(f"{PROJECTS}/1/opinions", said)
    assert answer.status_code == 201, answer.content
    public = programs.anonymous("communities/poltava/contests/2026/projects/1/opinions").json()["opinions"]
    assert [(each["unit"], each["conclusion"]) for each in public] == [("Управління ЖКГ", "positive")]
    assert program.get("reviews").json()["items"] == []


def test_a_decision_is_written_down(reviewed):
    program, project = reviewed
    answer = program.post(f"{PROJECTS}/1/decisions", {"verdict": "admit", "stage": ""})
    assert (answer.status_code, answer.json()["verdict"]) == (201, "admit"), answer.content
    project.refresh_from_db()
    assert project.state == "admitted"


def test_a_decision_names_the_stage_that_was_looked_at(reviewed):
    program, project = reviewed
    unsaid = program.post(f"{PROJECTS}/1/decisions", {"verdict": "admit"})
    assert (unsaid.status_code, list(unsaid.json()["errors"])) == (422, ["body.stage"])
    other = program.post(f"{PROJECTS}/1/decisions", {"verdict": "admit", "stage": "last-year"})
    assert (other.status_code, other.json()["code"]) == (409, "stage_decided")
    project.refresh_from_db()
    assert project.state == "in_review"


def test_a_stage_with_a_quorum_is_decided_at_a_meeting_only(db):
    made = given.contest(rules=commission.RULES)
    project = given.submitted_project(made)
    with clock.at(given.day(25)):
        program = programs.program(made.community)
        said = {"verdict": "admit", "stage": commission.RULES["review"][0]["id"]}
        answer = program.post(f"{PROJECTS}/1/decisions", said)
        assert (answer.status_code, answer.json()["code"]) == (409, "needs_meeting")
        told = program.post(f"{PROJECTS}/1/decisions", {**said, "protocol": "№ 3"})
        assert (told.status_code, told.json()["code"]) == (422, "bad_request")
    project.refresh_from_db()
    assert project.state == "in_review"


def test_an_official_without_the_commission_decides_nothing(db):
    made = given.contest()
    given.submitted_project(made)
    with clock.at(given.day(25)):
        program = programs.program(
            made.community, who=programs.official(made.community, roles=["administrator", "reviewer"])
        )
        answer = program.post(f"{PROJECTS}/1/decisions", {"verdict": "admit", "stage": ""})
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_role")


# --- the register of members ----------------------------------------------------------------------------------


def rows(*names: str) -> str:
    return "".join(f"{number_of(name)};{given.POLTAVA};registered\n" for name in names)


def test_the_register_is_put_in_force_and_changed(submitting):
    program, _made = submitting
    put = program.change("register", rows("Олена", "Петро"), method="PUT")
    assert (put.status_code, put.json()["rows"]) == (200, 2), put.content
    changes = {
        "put": [{"number": number_of("Марта"), "territory": given.POLTAVA}],
        "withdrawn": [{"number": number_of("Петро"), "territory": given.POLTAVA}],
    }
    changed = program.post("register/changes", changes)
    assert (changed.status_code, changed.json()["new"], changed.json()["gone"]) == (201, 1, 1), (
        changed.content
    )
    assert program.get("register").json()["version"] == 2
    same = program.post("register/changes", changes)
    assert (same.status_code, same.json()["code"]) == (409, "nothing_changes")


def test_half_a_register_ends_nobodys_membership(submitting):
    program, _made = submitting
    program.change("register", rows("Олена", "Петро", "Марта"), method="PUT")
    half = program.change("register", rows("Олена"), method="PUT")
    assert (half.status_code, half.json()["code"]) == (409, "too_many_gone")
    assert program.get("register").json()["rows"] == 3
    meant = program.change("register?most_gone=2", rows("Олена"), method="PUT")
    assert (meant.status_code, meant.json()["gone"]) == (200, 2)


def test_a_faulty_row_is_named_by_its_line_and_nothing_is_kept(submitting):
    program, _made = submitting
    answer = program.change("register", rows("Олена") + "1234567890;м. Полтава\n", method="PUT")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["row 2"])
    assert b"1234567890" not in answer.content
    assert not Register.objects.exists()


def test_a_register_of_another_version_is_not_overwritten(submitting):
    program, _made = submitting
    seen = program.get("register")["ETag"]
    program.change("register", rows("Олена"), method="PUT")
    late = program.ask("PUT", "register", rows("Петро"), **{"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    blind = program.ask("PUT", "register", rows("Петро"))
    assert (blind.status_code, blind.json()["code"]) == (428, "no_match_header")


# --- works ----------------------------------------------------------------------------------------------------


def test_a_work_from_its_plan_to_its_acceptance(won):
    program, project = won
    work, today = f"{PROJECTS}/1/work", given.day(75).date()
    plan = {
        "responsible_unit": "Управління ЖКГ", "plan": project.cost, "starts_on": str(today),
        "due_on": str(today + timedelta(days=90)),
    }  # fmt: skip
    assert program.post(work, plan).status_code == 201
    contract = {
        "number": "17/26",
        "signed_on": str(today),
        "contractor": "ТОВ «Зелений двір»",
        "amount": 9_000_000,
    }
    assert program.post(f"{work}/contracts", contract).status_code == 201
    assert program.post(f"{work}/contracts", contract).json()["code"] == "bad_contract"
    assert program.post(f"{work}/steps", {"title": "Плитка", "due_on": str(today)}).status_code == 201
    step = program.get(work).json()["steps"][0]["id"]
    seen = {"If-Match": program.get(work)["ETag"]}
    assert program.ask("PATCH", f"{work}/steps/{step}", {"done_on": str(today)}, **seen).status_code == 200
    assert program.change(work, {"paid": 4_500_000}).status_code == 200
    assert program.get(work).json()["paid"] == 4_500_000
    accepted = {"accepted_on": str(today), "acceptance": "Акт № 5", "paid": 9_000_000}
    done = program.post(f"{work}/acceptance", accepted)
    assert (done.status_code, done.json()["state"]) == (201, "implemented")
    said = programs.anonymous("communities/poltava/contests/2026/works").json()["items"][0]
    assert (said["state"], said["paid"], len(said["contracts"])) == ("implemented", 9_000_000, 1)


def test_null_erases_nothing_that_was_paid(won):
    program, project = won
    work, today = f"{PROJECTS}/1/work", str(given.day(75).date())
    program.post(work, {"responsible_unit": "ЖКГ", "plan": project.cost, "starts_on": today, "due_on": today})
    assert program.change(work, {"paid": 100}).status_code == 200
    assert program.change(work, {"paid": None, "responsible_unit": "Парки"}).status_code == 200
    said = program.get(work).json()
    assert (said["paid"], said["responsible_unit"]) == (100, "Парки")


def test_a_step_is_marked_in_the_work_that_was_seen(won):
    program, project = won
    work, today = f"{PROJECTS}/1/work", given.day(75).date()
    by = actor_of(program.row.official, project.contest.community)
    start_work(
        project=project, responsible_unit="ЖКГ", plan_cost=project.cost, starts_on=today, due_on=today, by=by
    )
    step = plan_milestone(project=project, title="Плитка", due_on=today, by=by)
    with pytest.raises(Refused) as refused:
        mark_milestone(project=project, milestone=str(step.pk), done_on=today, revision=0, by=by)
    assert refused.value.code == "edited_meanwhile"
    old = program.get(work)["ETag"]
    plan_milestone(project=project, title="Дерева", due_on=today, by=by)
    late = program.ask("PATCH", f"{work}/steps/{step.pk}", {"done_on": str(today)}, **{"If-Match": old})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")


def test_works_cost_the_same_queries_however_many_are_begun(won):
    program, project = won
    by = actor_of(program.row.official, project.contest.community)
    winners = list(Project.objects.filter(state="funded"))
    assert len(winners) > 1
    asked = []
    for begun in (winners[:1], winners[1:]):
        for each in begun:
            start_work(
                project=each, responsible_unit="ЖКГ", plan_cost=each.cost, starts_on=given.day(75).date(),
                due_on=given.day(90).date(), by=by,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            programs.anonymous("communities/poltava/contests/2026/works")
        asked.append(len(captured))
    assert asked[0] == asked[1]


def test_two_changes_at_once_do_not_overwrite_each_other(won):
    program, project = won
    work, today = f"{PROJECTS}/1/work", given.day(75).date()
    program.post(
        work,
        {"responsible_unit": "ЖКГ", "plan": project.cost, "starts_on": str(today), "due_on": str(today)},
    )
    seen = program.get(work)["ETag"]
    assert program.ask("PATCH", work, {"paid": 100}, **{"If-Match": seen}).status_code == 200
    assert program.ask("PATCH", work, {"paid": 200}, **{"If-Match": seen}).status_code == 412
    assert program.ask("PATCH", work, {"paid": 200}).status_code == 428


def test_a_report_is_for_the_body_only_and_counts_no_votes(won):
    program, _project = won
    said = program.get("contests/2026/report").json()
    assert said["works"]["number"] == said["by_state"]["funded"] > 0
    assert "votes" not in str(said)


# --- who the program is ---------------------------------------------------------------------------------------


def test_when_the_office_ends_the_program_writes_no_more(won):
    program, project = won
    given.official("Наступниця", "administrator", project.contest.community)
    for office in Office.objects.filter(person=program.row.official, until__isnull=True).exclude(
        role="commission"
    ):
        end_office(office=office, by=SYSTEM)
    answer = program.post(f"{PROJECTS}/1/work/delays", {"new_due": "2026-12-01", "reason": "Дощі"})
    assert (answer.status_code, answer.json()["code"]) == (403, "office_ended")


def test_every_write_is_in_the_log_of_the_program_and_no_secret_is(submitting):
    program, _made = submitting
    program.post(PROJECTS, {**programs.NEW_PROJECT, "author": number_of("Олена")})
    program.post(PROJECTS, {**programs.NEW_PROJECT, "author": "1"})
    program.get(PROJECTS)
    said = list(Call.objects.order_by("id").values_list("operation", "status", "outcome"))
    assert said == [("post projects", 201, ""), ("post projects", 422, "bad_request")]
    kept = [
        *Call.objects.values_list("path", flat=True),
        *(bytes(each.mark) for each in Secret.objects.all()),
    ]
    assert not [each for each in kept if program.secret[-20:] in str(each)]


def test_a_new_key_takes_the_place_of_the_old_one_after_the_overlap(submitting):
    program, made = submitting
    by = actor_of(program.row.official, made.community)
    new = actions.make_secret(client=program.row, overlap=24, by=by)
    assert program.get("register").status_code == 200
    assert programs.Program(program.row, new).get("register").status_code == 200
    with clock.at(clock.now() + timedelta(hours=25)):
        assert program.get("register").status_code == 401
        assert programs.Program(program.row, new).get("register").status_code == 200


def test_a_revoked_program_comes_in_no_more(submitting):
    program, made = submitting
    actions.revoke_client(client=program.row, by=actor_of(program.row.official, made.community))
    answer = program.get("register")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")
    assert answer["WWW-Authenticate"] == 'Bearer realm="viche", error="invalid_token"'


def test_a_program_comes_only_from_its_networks_and_within_its_quota(submitting):
    program, made = submitting
    by = actor_of(program.row.official, made.community)
    actions.revise_client(client=program.row, limits=Limits(2, 100, ["203.0.113.0/24"]), by=by)
    assert program.get("register").json()["code"] == "address_refused"
    actions.revise_client(client=program.row, limits=Limits(2, 100), by=by)
    answers = [program.get("register") for _turn in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"minute";q=2;w=60, "day";q=100;w=86400'


# --- tokens ---------------------------------------------------------------------------------------------------


def token(program: programs.Program, **facts: str):
    said = {
        "grant_type": "client_credentials",
        "client_id": str(program.row.pk),
        "client_secret": program.secret,
    }
    return asked_for({**said, **facts})


def asked_for(said: dict[str, str], **headers: str):
    return Browser().post(
        "/api/v1/oauth/token",
        urlencode(said),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )


def test_a_token_opens_what_it_was_asked_for_until_it_is_over(submitting):
    program, made = submitting
    answer = token(program, scope="members:write")
    assert answer["Cache-Control"] == "no-store"
    said = answer.json()
    assert (said["token_type"], said["expires_in"], said["scope"]) == ("Bearer", 600, "members:write")
    narrow = programs.Program(program.row, said["access_token"])
    assert narrow.get("register").status_code == 200
    assert narrow.get("reviews").json()["code"] == "insufficient_scope"
    with clock.at(clock.now() + timedelta(seconds=601)):
        assert narrow.get("register").status_code == 401
    actions.revoke_secret(secret=Secret.objects.get(), by=actor_of(program.row.official, made.community))
    assert narrow.get("register").status_code == 401


@pytest.mark.parametrize(
    ("facts", "error", "status"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
        ({"client_secret": "viche_aaaaaaaaaa_" + "a" * 43}, "invalid_client", 401),
        ({"client_id": "none"}, "invalid_client", 401),
        ({"scope": "everything"}, "invalid_scope", 400),
    ],
)  # fmt: skip
def test_a_token_is_refused_in_the_words_of_the_standard(submitting, facts, error, status):
    answer = token(submitting[0], **facts)
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)


def test_a_token_is_got_by_http_basic_too(submitting):
    program, _made = submitting
    pair = base64.b64encode(f"{program.row.pk}:{program.secret}".encode()).decode()
    answer = asked_for({"grant_type": "client_credentials"}, Authorization=f"Basic {pair}")
    assert answer.status_code == 200
    about = Browser().get("/.well-known/oauth-authorization-server").json()
    assert about["token_endpoint"] == "http://testserver/api/v1/oauth/token"
    assert set(answer.json()["scope"].split()) == set(programs.EVERY)


@pytest.mark.parametrize(
    "given_token", ["x", "viche_", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "viche_aaaaaaaaaa_" + "a" * 43]
)
def test_what_is_no_key_opens_nothing(submitting, given_token):
    program = programs.Program(submitting[0].row, given_token)
    assert program.get("register").status_code == program.get("").status_code == 401
