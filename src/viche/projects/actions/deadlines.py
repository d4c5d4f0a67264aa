"""What the end of a term makes of a project, when nobody does anything."""

import logging

from django.db import DatabaseError

from viche.projects.actions.checking import publish_unchecked
from viche.projects.actions.support import close_unsupported
from viche.projects.queries import projects_past_term

logger = logging.getLogger(__name__)


def run_deadlines() -> int:
    """Close what found too little support in time, publish what nobody checked where the rules say so.

    Each project in a transaction of its own, so that one in trouble keeps none of the others. Run again it does nothing
    more. Returns how many projects moved; the journal entries are those of close_unsupported and publish_unchecked.
    """
    moved = 0
    for project in projects_past_term():
        act = publish_unchecked if project.state == "checking" else close_unsupported
        try:
            moved += act(project=project)
        except DatabaseError:
            logger.exception("the deadline of project %s", project.pk)
    return moved
