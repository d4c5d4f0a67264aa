"""Writing a project: a draft is begun, saved as often as its author likes, and discarded; submitted projects are
changed by the same action where the procedure lets them be.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.calendar import SUBMISSION
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.projects.actions.moves import held_project
from viche.projects.actions.saving import begun_editing, end_editing
from viche.projects.estimate import cost_with_reserve, total_of
from viche.projects.models import Attachment, Picture, Project, State
from viche.projects.models.files import SHELF
from viche.projects.written import point_fault, written

MAX_DRAFTS = 20
KEPT_FOR = timedelta(days=365)


def create_draft(*, contest: Contest, author: Person, by: Actor) -> Project:
    """Begin a draft, or go on with one that nothing was written into; locks the author's row. No journal entry: a
    draft is its author's own.

    Refused: not_yours, rules_not_frozen, wrong_phase (submission is over), too_many_drafts.
    """
    if by.person_id != author.pk:
        raise Refused("not_yours", _("One writes only projects of one’s own."), status=403)
    if not contest.is_frozen:
        raise Refused(
            "rules_not_frozen",
            _("The contest is not open yet: projects are accepted once its rules are approved and frozen."),
        )
    if contest.has_ended(SUBMISSION):
        raise Refused("wrong_phase", _("Submission of projects is over."))
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=author.pk)
        mine = Project.objects.filter(contest=contest, author=author, state=State.DRAFT)
        untouched = mine.filter(revision=1, pictures__isnull=True, attachments__isnull=True).first()
        if untouched is not None:
            return untouched
        if mine.count() >= MAX_DRAFTS:
            raise Refused(
                "too_many_drafts", _("You have %d drafts here: finish or delete one of them.") % MAX_DRAFTS
            )
        return Project.objects.create(
            community=contest.community, contest=contest, author=author, author_name=author.display_name[:120],
            territory=contest.community.territory, created_at=clock.now(), saved_at=clock.now(),
        )  # fmt: skip


def save_project(
    *, project: Project, changes: Mapping[str, Any], revision: int, note: str = "edited", by: Actor
) -> Project:
    """Save what an author has written, of a draft or of a submitted project; locks its row. Returns the row.

    changes: by field. Texts; category and type as ids of the rules; territory a Territory; latitude and longitude
    Decimal; area GeoJSON; cost, least_amount and prices in kopiykas; items (projects.estimate); answers by the
    question's id; agreed {code: whether}. revision: the one that was looked at. Saving what is there already changes
    nothing. Where there are items, they and the reserve are the cost.

    A draft may be half-finished; a submitted project stays valid, gets a Version (note) and an entry ProjectEdited.
    Refused: the lifecycle's codes, bad_project (fields), stale (somebody has saved since: nothing is written).
    """
    with transaction.atomic():
        editing = begun_editing(project, by)
        held = editing.project
        kept, faults = written(held, changes)
        if {"latitude", "longitude"} & set(kept):
            point = [kept.get(name, getattr(held, name)) for name in ("latitude", "longitude")]
            if fault := point_fault(*point):
                faults["coordinates"] = fault
        if faults:
            raise Refused("bad_project", _("Some fields need your attention."), fields=faults, status=422)
        changed = {name: value for name, value in kept.items() if getattr(held, name) != value}
        if not changed:
            return held
        if revision != held.revision:
            message = _("The project was changed in another window since you opened it.")
            raise Refused("stale", message, fields=dict.fromkeys(changed, message), status=409)
        for name, value in changed.items():
            setattr(held, name, value)
        if {"items", "cost"} & set(changed) and (total := total_of(held.items)):
            held.cost = cost_with_reserve(total, held.contest.rules.submission.reserve_share)
        return end_editing(editing, {*changed, *_asked(changed)}, note=note)


def _asked(changed: Mapping[str, Any]) -> set[str]:
    """The names that faults of the changed fields go by, where they are others."""
    found = {f"q-{key}" for key in changed.get("answers", {})}
    return found | ({"cost"} if "items" in changed else set())


def discard_draft(*, project: Project, by: Actor) -> None:
    """Delete a draft with its files, at its author's wish; locks its row. Deleted twice is deleted.

    Refused: not_yours (also for the rest of the team), not_a_draft.
    """
    if project.author_id is None or by.person_id != project.author_id:
        raise Refused("not_yours", _("Only whoever began a draft may delete it."), status=403)
    with transaction.atomic():
        try:
            held = held_project(project)
        except Project.DoesNotExist:
            return
        if held.state != State.DRAFT:
            raise Refused("not_a_draft", _("The project is submitted: it can be withdrawn, but not deleted."))
        _delete(held)


def discard_own_drafts(*, person: Person) -> None:
    """Delete every draft that the person began, with its files, inside a transaction."""
    for held in Project.objects.select_for_update(of=("self",)).filter(author=person, state=State.DRAFT):
        _delete(held)


def delete_old_drafts() -> int:
    """Delete drafts that nobody has touched for a year, with their files; how many."""
    limit = clock.now() - KEPT_FOR
    deleted = 0
    for reference in Project.objects.filter(state=State.DRAFT, saved_at__lt=limit).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            held = Project.objects.select_for_update().filter(
                pk=reference, state=State.DRAFT, saved_at__lt=limit
            )
            for project in held:
                _delete(project)
                deleted += 1
    return deleted


def delete_left_files() -> int:
    """Delete files of documents without a row, left a day ago or longer by a transaction that failed; how many."""
    deleted = 0
    for reference, written_at in private_files.kept_files(shelf=SHELF):
        if (
            written_at < clock.now() - timedelta(days=1)
            and not Attachment.objects.filter(pk=reference).exists()
        ):
            private_files.forget(reference, shelf=SHELF)
            deleted += 1
    return deleted


def _delete(held: Project) -> None:
    pictures = [(each.image.storage, each.image.name) for each in Picture.objects.filter(project=held)]
    documents = list(Attachment.objects.filter(project=held).values_list("pk", flat=True))
    held.delete()
    transaction.on_commit(lambda: _forget(pictures, documents))


def _forget(pictures: list[tuple[Any, str]], documents: list[UUID]) -> None:
    for storage, name in pictures:
        storage.delete(name)
    for reference in documents:
        private_files.forget(reference, shelf=SHELF)
