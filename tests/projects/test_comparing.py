"""Versions of a project compared: what changed, word by word and line by line."""

import pytest
from tests import given

from viche.foundation import clock
from viche.identity.queries import actor_of
from viche.projects.actions import save_project
from viche.projects.comparing import compare_documents, estimate_rows, shown_versions, word_runs
from viche.projects.models import Project, Version

EDITS = {**given.RULES, "submission": {"edits": "until-decided"}}
LAMP = {"name": "Ліхтар", "unit": "шт", "thousandths": 2000, "price": 150_000}
BENCH = {"name": "Лава", "unit": "шт", "thousandths": 4000, "price": 800_000}


def said(before: str, after: str) -> list[tuple[str, str]]:
    return [(run.kind, run.text) for run in word_runs(before, after)]


class TestWords:
    def test_one_word_in_a_sentence(self):
        assert said("Посадимо дві липи.", "Посадимо три липи.") == [
            ("same", "Посадимо"), ("removed", " дві"), ("added", " три"), ("same", " липи."),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("before", "after"),
        [("", "Нове"), ("Старе", ""), ("а\nб\nв", "а\nв\n\nг"), ("  x ", "x"), ("один два", "два один")],
    )
    def test_both_texts_can_be_read_out_of_the_runs(self, before, after):
        runs = word_runs(before, after)
        assert "".join(run.text for run in runs if run.kind != "added") == before
        assert "".join(run.text for run in runs if run.kind != "removed") == after

    def test_a_long_text_takes_no_time(self):
        words = [f"слово{n % 700}" for n in range(3000)]
        changed = [word if n % 50 else "інше" for n, word in enumerate(words)]
        runs = word_runs(" ".join(words), " ".join(changed))
        assert sum(run.kind == "added" for run in runs) > 20


class TestTheEstimate:
    def test_lines_are_matched_by_name_and_sums_are_exact(self):
        dearer = {**BENCH, "price": 900_000}
        bin_ = {"name": "Урна", "unit": "шт", "thousandths": 1500, "price": 33_333}
        rows = estimate_rows([LAMP, BENCH], [dearer, bin_])
        assert [(row.kind, row.name) for row in rows] == [
            ("removed", "Ліхтар"), ("changed", "Лава"), ("added", "Урна"),
        ]  # fmt: skip
        assert (rows[1].before["sum"], rows[1].after["sum"]) == (3_200_000, 3_600_000)
        assert rows[2].after["sum"] == 50_000

    def test_an_estimate_that_did_not_change_is_not_listed(self):
        document = {"title": "Сквер", "items": [LAMP], "answers": {}}
        assert compare_documents(document, document).is_empty
        found = compare_documents(document, {**document, "items": [LAMP, BENCH]})
        assert (found.sum_before, found.sum_after) == (300_000, 3_500_000)

    def test_documents_for_officials_are_not_spoken_of(self):
        files = [{"digest": "a", "kind": "consent", "name": "", "is_public": False}]
        assert compare_documents({"attachments": []}, {"attachments": files}).is_empty


@pytest.mark.django_db
class TestWhatIsShown:
    def test_each_change_of_a_submitted_project_is_a_version(self):
        project = given.submitted_project(given.contest(rules=EDITS))
        by = actor_of(project.author, project.contest.community)
        with clock.at(given.day(6)):
            save_project(
                project=project, changes={"title": "Сквер і лави"}, revision=1, by=by
            )  # fmt: skip
        found = shown_versions(Project.objects.get())
        assert [each.number for each in found] == [1, 2]
        runs = compare_documents(found[0].document, found[1].document).changes[0].runs
        assert ("added", " і лави") in [(run.kind, run.text) for run in runs]

    def test_what_was_never_public_is_not_shown(self):
        project = given.submitted_project(given.contest(rules=EDITS))
        for number, day in ((2, 6), (3, 8), (4, 12)):
            Version.objects.create(
                project=project, number=number, document={}, digest="", made_at=given.day(day)
            )
        project.published_at = given.day(10)
        assert [each.number for each in shown_versions(project)] == [3, 4]
        project.published_at = None
        assert shown_versions(project) == []
