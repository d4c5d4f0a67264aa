"""Writing the open data of a contest as files, and the terms on which they are given away."""

import json
import logging
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.pabulib import PabulibError
from viche.communities.models import Community
from viche.connectors.open_data.events import DataTermsSet
from viche.connectors.open_data.files import FINAL, LIVING
from viche.connectors.open_data.licences import LICENCES
from viche.connectors.open_data.making import making
from viche.connectors.open_data.models import Terms
from viche.connectors.open_data.queries import FACTS, Set, is_published, part_folder, set_in
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.kept_files import alone, measured, whole_folder
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal

logger = logging.getLogger(__name__)

_EDRPOU = re.compile(r"[0-9]{8}")


def set_terms(*, community: Community, licence: str, edrpou: str, mailbox: str, by: Actor) -> Terms:
    """An administrator says under which licence the body's data are given away, its code and its mailbox.

    Locks the body's row; journal: DataTermsSet where the licence changes or is set first. The same again changes
    nothing. Refused: not_administrator, archived, bad_value (at the field).
    """
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    faults = _faults(licence, edrpou.strip(), mailbox.strip())
    if faults:
        raise Refused("bad_value", next(iter(faults.values())), fields=faults, status=422)
    with transaction.atomic():
        locked = Community.objects.select_for_update().get(pk=community.pk)
        if locked.archived_at is not None:
            raise Refused("archived", _("This body has already left the platform."))
        former = Terms.objects.filter(community=locked).first()
        said = {"licence": licence, "edrpou": edrpou.strip(), "mailbox": mailbox.strip()}
        if former is not None and said == {name: getattr(former, name) for name in said}:
            return former
        terms, _is_new = Terms.objects.update_or_create(
            community=locked, defaults={**said, "saved_at": clock.now()}
        )
        if former is None or former.licence != licence:
            event = DataTermsSet(community=locked.code, licence=licence)
            journal.append(event, community=locked.code, year=clock.year(), by=by)
    return terms


def _faults(licence: str, edrpou: str, mailbox: str) -> dict[str, str]:
    faults = {}
    if licence not in LICENCES:
        faults["licence"] = _("Choose one of the licences.")
    if edrpou and not _EDRPOU.fullmatch(edrpou):
        faults["edrpou"] = _("The code has eight digits.")
    try:
        if mailbox:
            validate_email(mailbox)
    except ValidationError:
        faults["mailbox"] = _("This is not an e-mail address.")
    return faults


def prepare_part(*, contest: Contest, part: str) -> Set:
    """The files of a part as its data stand now; written where they are not yet, former ones thrown away.

    Whole or not at all, by one at a time (a lock of the folder): others wait and find them written. No journal entry:
    what is written is published already. Refused: not_published.
    """
    if part == FINAL and not is_published(contest):
        raise Refused("not_published", _("These data are there once the result is published."), status=404)
    folder = part_folder(contest, part)
    found = set_in(folder)
    if found is None:
        with alone(folder.parent, part):
            # others wrote meanwhile, and the data may have moved on
            folder = part_folder(contest, part)
            found = set_in(folder) or _write_part(contest, part, folder)
            for former in folder.parent.glob(f"{part}-*"):
                if former != folder:
                    shutil.rmtree(former, ignore_errors=True)
    return found


def _write_part(contest: Contest, part: str, folder: Path) -> Set:
    with whole_folder(folder) as fresh:
        facts: dict[str, Any] = {}
        missing: dict[str, str] = {}
        for name, make in making(contest, part).items():
            try:
                rows = make(fresh.joinpath(name))
            except PabulibError as error:
                fresh.joinpath(name).unlink(missing_ok=True)
                missing[name] = error.code
                continue
            size, sha256 = measured(fresh.joinpath(name))
            facts[name] = {"size": size, "sha256": sha256, **({} if rows is None else {"rows": rows})}
        told = {"written_at": clock.now().isoformat(), "files": facts, "missing": missing}
        fresh.joinpath(FACTS).write_text(json.dumps(told))
    written = set_in(folder)
    assert written is not None
    return written


def write_data(*, contest: Contest, folder: Path) -> list[str]:
    """The whole open data of a contest as files in a new folder, with files.json (sizes, hashes); returns the names.

    Before the result is published without what waits for it. Refused: folder_exists.
    """
    if folder.exists():
        raise Refused("folder_exists", _("The folder is there already."))
    parts = [LIVING, FINAL] if is_published(contest) else [LIVING]
    sets = [prepare_part(contest=contest, part=part) for part in parts]
    with whole_folder(folder) as fresh:
        files = {name: each for found in sets for name, each in found.files.items()}
        for name, each in files.items():
            shutil.copyfile(each.path, fresh.joinpath(name))
        listed = {name: {"size": each.size, "sha256": each.sha256} for name, each in sorted(files.items())}
        missing = {name: code for found in sets for name, code in found.missing.items()}
        told = {"format": "viche/open-data/v1", "contest": contest.slug, "files": listed, "missing": missing}
        fresh.joinpath("files.json").write_text(json.dumps(told, indent=1) + "\n")
    return sorted(files)


def write_missing_data(*, contests: Iterable[Contest]) -> int:
    """Write what is not written of these contests as their data stand now; returns how many parts were written.

    One that cannot be written is tried again by the next run, and stops no other.
    """
    written = 0
    for contest in contests:
        for part in (LIVING, FINAL):
            if (part == FINAL and not is_published(contest)) or set_in(
                part_folder(contest, part)
            ) is not None:
                continue
            try:
                prepare_part(contest=contest, part=part)
                written += 1
            except OSError as error:
                logger.warning("no open data of %s yet: %s", contest, error)
            except Exception:  # a fault of ours must not stop the data of others
                logger.exception("no open data of %s", contest)
    return written


def remove_strays() -> int:
    """Throw away files of contests and bodies that are no more there; returns how many folders."""
    folder = Path(settings.OPEN_DATA_DIR)
    known = {str(pk) for model in (Contest, Community) for pk in model.objects.values_list("pk", flat=True)}
    strays = [each for each in folder.iterdir() if each.name not in known] if folder.is_dir() else []
    for each in strays:
        shutil.rmtree(each, ignore_errors=True)
    return len(strays)
