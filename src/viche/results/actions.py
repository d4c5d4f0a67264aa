"""Writes of the results room."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook.counting import count as count_ballots
from viche.ballots.models import Box
from viche.ballots.queries import dossier as dossier_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal
from viche.projects import actions as projects
from viche.results.events import CountRun, ResultCertified, ResultPublished
from viche.results.models import Certification, Count, Publication

QUORUM = 2


def run_count(*, contest: Contest, by: Actor) -> Count:
    """Count the opened ballots by the contest's rule and store dossier and outcome; journal: CountRun.

    Counting the same dossier again is the same count. Locks the contest. Refused: not_commission,
    box_not_opened.
    """
    if not by.holds(Role.COMMISSION, Role.ADMINISTRATOR, community=contest.community.code):
        raise Refused("not_commission", _("Only the commission counts."), status=403)
    box = Box.objects.filter(contest=contest).first()
    if box is None or box.opened_at is None:
        raise Refused("box_not_opened", _("The box is not opened yet: there is nothing to count."))
    dossier = dossier_of(contest)
    known = Count.objects.filter(contest=contest, dossier_digest=dossier.digest).first()
    if known is not None:
        return known
    outcome = count_ballots(dossier)
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        known = Count.objects.filter(contest=contest, dossier_digest=dossier.digest).first()
        if known is not None:
            return known
        number = (Count.objects.filter(contest=contest).aggregate(last=Max("number"))["last"] or 0) + 1
        stored = Count.objects.create(
            community=contest.community, contest=contest, number=number, rule=outcome.rule,
            dossier=dossier.canonical().decode(), dossier_digest=dossier.digest,
            outcome=outcome.document(), outcome_digest=outcome.digest, is_decided=outcome.is_decided,
            counted_at=clock.now(),
        )  # fmt: skip
        journal.append(
            CountRun(
                contest=str(contest.id), number=number, rule=outcome.rule, dossier=dossier.digest,
                outcome=outcome.digest,
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return stored


def certify_result(*, count: Count, by: Actor) -> Certification:
    """A member of the commission confirms the count; journal: ResultCertified.

    Refused: not_commission, undecided (a tie is open), already_certified.
    """
    if Role.COMMISSION not in by.roles_in(count.contest.community.code):
        raise Refused("not_commission", _("Only a member of the commission certifies a result."), status=403)
    if not count.is_decided:
        raise Refused(
            "undecided", _("A tie that decides about money is still open: the commission must resolve it.")
        )
    try:
        with transaction.atomic():
            certification = Certification.objects.create(count=count, person_id=by.person_id, at=clock.now())
            journal.append(
                ResultCertified(
                    contest=str(count.contest_id), number=count.number, outcome=count.outcome_digest
                ),
                community=count.contest.community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("already_certified", _("You have already certified this count.")) from None
    return certification


def issues_before_publication(count: Count) -> list[str]:
    """What keeps the result from being published, in words."""
    issues = []
    if not count.is_decided:
        issues.append(_("A tie that decides about money is still open."))
    if not count.contest.origin:
        missing = QUORUM - count.certifications.count()
        if missing > 0:
            issues.append(
                ngettext(
                    "%(missing)d more member of the commission must certify the count.",
                    "%(missing)d more members of the commission must certify the count.",
                    missing,
                )
                % {"missing": missing}
            )
    if not count.contest.phases & {"counting", "results"}:
        issues.append(_("The schedule has not reached the counting yet."))
    return issues


def publish_result(*, count: Count, by: Actor, note: str = "") -> Publication:
    """Publish a certified count: projects get their outcome, once; journal: ResultPublished.

    An imported election was certified by its own commission and needs no quorum here. Locks the contest.
    Publishing again answers with the same publication. Refused: not_commission, not_ready.
    """
    if not by.holds(Role.COMMISSION, Role.ADMINISTRATOR, community=count.contest.community.code):
        raise Refused("not_commission", _("Only the commission publishes a result."), status=403)
    contest = count.contest
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        published = Publication.objects.filter(contest=contest).first()
        if published is not None:
            return published
        if issues := issues_before_publication(count):
            raise Refused("not_ready", " ".join(issues))
        funded = count.outcome["funded"]
        projects.mark_outcome(contest=contest, funded=funded)
        published = Publication.objects.create(
            contest=contest, count=count, note=note, published_at=clock.now()
        )
        journal.append(
            ResultPublished(
                contest=str(contest.id), number=count.number, funded=len(funded), outcome=count.outcome_digest
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return published
