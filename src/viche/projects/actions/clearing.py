"""What the projects room deletes when its term is over, beside drafts."""

from datetime import timedelta

from viche.foundation import clock, private_files
from viche.projects.models import SupportSheet, TeamMember
from viche.projects.models.sheets import SCANS

YEAR = timedelta(days=365)


def delete_old_scans() -> int:
    """Delete scans of sheets a year after the sheet was counted; how many. The row with the scan's digest stays."""
    old = SupportSheet.objects.filter(closed_at__lt=clock.now() - YEAR)
    known = set(old.values_list("pk", flat=True))
    gone = 0
    for reference, _written_at in private_files.kept_files(shelf=SCANS):
        if reference in known:
            private_files.forget(reference, shelf=SCANS)
            gone += 1
    return gone


def delete_old_team_invitations() -> int:
    """Delete places in a team that nobody took, or that were left, a year after the invitation; how many."""
    old = TeamMember.objects.filter(invited_at__lt=clock.now() - YEAR).exclude(
        state=TeamMember.State.CONFIRMED
    )
    number, _models = old.delete()
    return number
