"""After the opening nothing in the tables leads from a mark to its ballot any more.

Mark and ballot were written by one statement: PostgreSQL's transaction id and the order of rows on disk tie them until
they are written anew. What was vacuumed away, write-ahead logs and copies made before are out of reach here
(docs/security.md).
"""

from collections.abc import Iterable

from django.db import connection, transaction

from viche.ballots.annulling import Excluded
from viche.ballots.events import BallotExcluded, KeysDestroyed
from viche.ballots.models import Annulment, PaperBallot, PaperBatch, Participation, Replacement, VoteTrace
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.actor import SYSTEM
from viche.journal import actions as journal
from viche.journal.queries import history_of


def record_exclusions(contest: Contest, excluded: Iterable[Excluded]) -> list[BallotExcluded]:
    """Keep with each annulment which ballot it was; the events that say it in public."""
    events = []
    for each in sorted(excluded, key=lambda each: each.commitment):
        if each.why in Annulment.Why.values:
            Annulment.objects.filter(pk=each.reference).update(commitment=each.commitment)
        events.append(
            BallotExcluded(
                contest=str(contest.id),
                commitment=each.commitment.hex(),
                why=each.why,
                annulment=each.reference,
            )
        )
    return events


def unlink_rows(contest: Contest) -> None:
    """Empty the links, and write the ballots anew in the order of their commitments, all in this transaction."""
    Participation.objects.filter(contest=contest).update(link=b"")
    Replacement.objects.filter(contest=contest).update(link=b"")
    PaperBallot.objects.filter(contest=contest).update(link=b"", mark=None)
    PaperBatch.objects.filter(contest=contest).update(secret=b"", sealed_votes=b"")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE sorted_ballots ON COMMIT DROP AS "
            "SELECT * FROM ballots_ballot WHERE contest_id = %s",
            [contest.id],
        )
        cursor.execute("DELETE FROM ballots_ballot WHERE contest_id = %s", [contest.id])
        cursor.execute("INSERT INTO ballots_ballot SELECT * FROM sorted_ballots ORDER BY commitment")
        cursor.execute("DROP TABLE sorted_ballots")


def delete_keys(*, contest: Contest) -> bool:
    """Destroy the contest's keys and the traces under them after the time for appeals; whether they were there.

    Journal: KeysDestroyed, once.

    Afterwards nobody, with whatever copy of the database, tells who voted or ties anybody to a ballot.
    """
    name = str(contest.id)
    if not keys.has_contest_keys(name):
        return False
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        VoteTrace.objects.filter(contest=contest).delete()
        if not any(line.kind == KeysDestroyed.__name__ for line in history_of(f"contest:{name}")):
            journal.append(
                KeysDestroyed(contest=name), community=contest.community.code, year=clock.year(), by=SYSTEM
            )
    # said first: a crash between the two is mended by the next run
    keys.destroy_contest_keys(name)
    return True
