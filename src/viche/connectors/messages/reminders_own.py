"""What was done in a person's name, told to that person; and what officials find about “this was not me”."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_noop

from rulebook.calendar import VOTING
from viche.ballots.queries import voters_among
from viche.connectors.messages.models import Address, Why
from viche.connectors.messages.reminders import Reminder, ngettext
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.identity.models import Consent, Identifier, Objection, Role
from viche.projects.models import Signature

LATELY = timedelta(days=7)


def of_votes(now: datetime) -> Iterator[Reminder]:
    """To whoever has an address for notices: a vote was cast in their name, by whatever channel.

    Only votes of the days before this one, all at once and without their moment: the time of a notice must not lead
    from a person to a ballot.
    """
    people = Address.objects.filter(confirmed_at__isnull=False).values_list("person_id", flat=True)
    midnight = datetime.combine(now.astimezone(KYIV).date(), time.min, KYIV)
    running = Q(windows__phase=VOTING, windows__starts_at__lte=now) & (
        Q(windows__ends_at__isnull=True) | Q(windows__ends_at__gt=now - LATELY)
    )
    found = Contest.objects.filter(running, box__public_key__isnull=False).select_related(
        "community__territory"
    )
    for contest in found:
        voters = voters_among(contest, set(people), before=midnight)
        if voters:
            yield Reminder(
                f"voted:{contest.pk}",
                gettext_noop("A vote was cast in your name. If it was not you, say so at once"), "",
                contest.community, contest=contest, people=tuple(sorted(voters)), page="objections",
                is_task=False, is_urgent=True, why=Why.NAME,
            )  # fmt: skip


def of_signatures(now: datetime) -> Iterator[Reminder]:
    """To whoever is known here: their signature was entered from a sheet of paper."""
    entered = Signature.objects.filter(
        way=Signature.Way.PAPER, person__isnull=False, withdrawn_at=None, signed_at__gt=now - LATELY
    ).select_related("project__contest__community__territory")
    for signature in entered:
        assert signature.person_id is not None
        yield Reminder(
            f"signed:{signature.pk}",
            gettext_noop(
                "A signature in your name under project No. %(number)s was entered from paper. "
                "If it was not you, say so at once"
            ),
            "", signature.project.contest.community, values={"number": signature.project.number},
            contest=signature.project.contest, project=signature.project, people=(signature.person_id,),
            page="objections", is_task=False, is_urgent=True, why=Why.NAME,
        )  # fmt: skip


def of_methods(now: datetime) -> Iterator[Reminder]:
    """To whoever agreed to take part somewhere: another way now leads to them."""
    added = Identifier.objects.filter(added_at__gt=now - LATELY).select_related("person")
    for each in added:
        if each.added_at - each.person.created_at < timedelta(minutes=10):
            continue  # what they came with
        consent = Consent.objects.filter(person=each.person).select_related("community__territory").first()
        if consent is not None:
            yield Reminder(
                f"method:{each.pk}",
                gettext_noop("Another way to identify leads to you now. If it was not you who added it, say so"), "",
                consent.community, people=(each.person_id,), page="methods", is_task=False, is_urgent=True,
                why=Why.NAME,
            )  # fmt: skip


def of_objections(now: datetime) -> Iterator[Reminder]:
    """To officials: somebody says “this was not me” and waits. To the person: what was found."""
    waiting: dict[UUID, list[Objection]] = {}
    for each in Objection.objects.filter(community__isnull=False).select_related("community__territory"):
        assert each.community is not None
        if each.state == Objection.State.OPEN:
            waiting.setdefault(each.community.pk, []).append(each)
        elif each.decided_at is not None and each.decided_at > now - LATELY:
            yield Reminder(
                f"found:{each.pk}", gettext_noop("The body has answered what you said was not you"), "",
                each.community, people=(each.person_id,), page="objections", is_task=False, is_urgent=True,
                why=Why.NAME,
            )  # fmt: skip
    for cases in waiting.values():
        community = cases[0].community
        assert community is not None
        newest = max(each.filed_at for each in cases)
        yield Reminder(
            f"objections:{community.pk}:{newest:%Y%m%d%H%M%S}",
            *ngettext(
                "%(count)s person says of an act in their name: this was not me",
                "%(count)s people say of an act in their name: this was not me",
            ),
            community, values={"count": len({each.person_id for each in cases})},
            roles=(Role.ADMINISTRATOR, Role.COMMISSION), page="office-objections",
        )  # fmt: skip
