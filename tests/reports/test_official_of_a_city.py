"""Official reports of a real city, whose election was held elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from tests import given
from tests.connectors.finished import kept_database
from tests.connectors.test_pabulib_import import KATOWICE
from tests.reports.official import built, check_documents, check_sums, refusal, tables_of, told
from tests.reports.test_figures import refreshed

from viche.connectors.pabulib.actions import import_election
from viche.contests.models import Contest
from viche.foundation import clock
from viche.reports.official.kinds import KINDS
from viche.reports.printing import pdf_of_figures

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def katowice(django_db_setup: None, django_db_blocker: Any) -> Iterator[Contest]:
    with kept_database(django_db_blocker):
        contest = import_election(content=KATOWICE.read_bytes(), community=given.community()).contest
        refreshed()
        yield contest


@pytest.mark.pabulib
@pytest.mark.skipif(
    not KATOWICE.exists(), reason=f"no {KATOWICE}: set PABULIB_DIR to a folder of Pabulib's files"
)
class TestKatowice:
    def test_the_sums_of_a_city_of_38_903_voters_tie_out(self, katowice: Contest):
        check_sums(katowice, at=clock.now())
        protocol = built(katowice, "count-protocol", at=clock.now())
        balance = {row.key: row.values[0] for row in tables_of(protocol)["ballot-balance"].rows}
        assert balance["box"] == 38_903
        assert "held and certified by its own commission elsewhere" in told(protocol)
        assert "Paper ballots were not used." in told(protocol)
        said = told(built(katowice, "results-statement", at=clock.now()))
        assert "exactly the winners that the body had announced" in said

    def test_every_kind_is_whole_in_both_languages(self, katowice: Contest):
        assert set(check_documents(katowice, at=clock.now())) == set(KINDS) - {"reconciliation"}
        assert refusal(katowice, "reconciliation").startswith("The election was held elsewhere")

    def test_a_document_of_a_city_is_set(self, katowice: Contest):
        document = built(katowice, "results-statement", at=clock.now())
        with translation.override("en"):
            assert pdf_of_figures(list(document.figures()), title=document.title).startswith(b"%PDF")
