"""The open data of a contest: what resolution 835 wants, in files that validate, with nothing personal in them."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings as house
from tests import given
from tests.connectors.finished import finished_contest, folders_in, kept_database, stirred_contest, voted_contest

from viche.connectors.open_data.actions import prepare_part
from viche.connectors.open_data.files import FINAL, LIVING
from viche.foundation.refused import Refused


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_x(db, tmp_path):
    contest = finished_contest(70)
    for part in (LIVING, FINAL):
        found = prepare_part(contest=contest, part=part)
        for name, each in found.files.items():
            print(name, each.size, each.rows)
            if not name.endswith("xlsx"):
                print(each.path.read_text()[:1500])
        print(found.missing)
    raise AssertionError
