"""The pages of files of paper results: brought, looked at, run, confirmed by another official, taken back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import load_workbook
from tests import given
from tests.paper_box import VOTING, given_out, paper_contest, printed
from tests.paper_files import csv_of

from viche.channels.paper.importing.checking import check_file
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.running import run_file
from viche.foundation import clock


@pytest.fixture
def desk(db, settings):
    """Three numbered ballots in voters' hands; Oksana brings files, Iryna confirms."""
    settings.SECOND_FACTOR = "offered"
    contest, projects = paper_contest()
    printed(contest)
    oksana = given.official("Оксана", "operator", contest.community)
    iryna = given.official("Ірина", "commission", contest.community)
    for serial, name in enumerate(("Петро", "Марія", "Олена"), start=1):
        given_out(contest, given.person(name), serial, oksana)
    return contest, [each.number for each in projects], oksana, iryna
