"""What every change of a project's content goes through, of a draft and of a submitted project alike."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.projects.actions.indexing import index_project
from viche.projects.actions.moves import decide_move, held_project, roles_about, write_entry
from viche.projects.actions.support import settle_support
from viche.projects.actions.versions import record_version
from viche.projects.completeness import faults_of, pot_of
from viche.projects.events import ProjectEdited
from viche.projects.models import Project, State


@dataclass
class Editing:
    """A project whose row is held for a change. faults: what was wrong with it before, by field."""

    project: Project
    by: Actor
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_draft(self) -> bool:
        return self.project.state == State.DRAFT


def begun_editing(project: Project, by: Actor) -> Editing:
    """Lock the project's row for a change of its content, where the lifecycle's row "edit" lets the actor make it.

    Only inside a transaction. Refused: the lifecycle's codes (403 for whoever is not its author).
    """
    held = held_project(project)
    decide_move(held, "edit", roles=roles_about(held, by))
    editing = Editing(held, by)
    if not editing.is_draft:
        editing.faults = faults_of(held)
        if not held.versions.exists():
            # taken over from before versions were kept: what it said is not lost
            record_version(project=held, note="submitted", by=by)
    return editing


def end_editing(
    editing: Editing, touched: Collection[str], *, is_text: bool = True, note: str = "edited"
) -> Project:
    """Write the held project with its class and pot. A submitted project stays valid, gets a version, an entry in the
    journal (ProjectEdited) and its new place in the search.

    touched: the fields that were changed. is_text: whether columns changed (revision grows), or only files. note: of
    the version. Refused: bad_project, where a submitted project has a fault in what was touched or one that it had not
    before.
    """
    held = editing.project
    rules = held.contest.rules
    size, pot = rules.size_class_of(held.cost) if held.cost else None, pot_of(rules, held)
    held.size_class, held.pot = size.id if size else "", pot.id if pot else ""
    if not editing.is_draft:
        new = {
            name: message
            for name, message in faults_of(held).items()
            if name in touched or name not in editing.faults
        }
        if new:
            raise Refused("bad_project", _("Some fields need your attention."), fields=new, status=422)
    held.saved_at = clock.now()
    held.revision += is_text
    held.save()
    if not editing.is_draft:
        version = record_version(project=held, note=note, by=editing.by)
        index_project(held)
        write_entry(held, editing.by, ProjectEdited, digest=version.digest)
        # another class needs another number of supporters
        settle_support(held)
    return held
