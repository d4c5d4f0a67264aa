"""An identification that ends elsewhere: begun, told of by the provider, swept away."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.identity.actions.people import identify_person
from viche.identity.models import Attempt, Person
from viche.identity.providers import ProviderError, VerifiedClaims
from viche.identity.providers.ports import Started

ATTEMPT_SECONDS = 900
MOST_TRIES = 12
MOST_QUESTIONS = 5
KEPT = timedelta(days=1)


def start_attempt(
    *, provider: str, method: str, host: str, asked_in: Community | None = None, joins: Person | None = None
) -> Attempt:
    """Begin an attempt with the text to be signed, in the language of the moment. host: where the person is."""
    attempt = Attempt(
        provider=provider, method=method, asked_in=asked_in, joins=joins, started_at=clock.now()
    )
    lines = [
        _("Viche: I confirm who I am"),
        _("Site: %s") % host,
        *([_("Community: %s") % asked_in.title] if asked_in is not None else []),
        _("Time: %s (Kyiv)") % attempt.started_at.astimezone(clock.KYIV).strftime("%d.%m.%Y %H:%M:%S"),
        _("Number: %s") % attempt.id.hex,
        _("This signature confirms only who I am. It is no vote and no application."),
    ]
    attempt.text = "\n".join(lines) + "\n"
    attempt.save(force_insert=True)
    return attempt


def record_started(*, attempt: Attempt, started: Started) -> Attempt:
    """Keep what the provider answered to the beginning."""
    attempt.reference, attempt.address, attempt.shown = started.reference, started.address, started.shown
    attempt.save(update_fields=["reference", "address", "shown"])
    return attempt


def record_question(*, attempt: Attempt, phone: str) -> None:
    """A phone is about to be asked: five times an hour at most, over all attempts. phone: 380…, of which only a keyed
    token is kept, for a day. Refused: too_many_questions.
    """
    mark = keys.person_token("phone", phone)
    since = clock.now() - timedelta(hours=1)
    if (
        Attempt.objects.filter(phone_mark=mark, started_at__gt=since).exclude(pk=attempt.pk).count()
        >= MOST_QUESTIONS
    ):
        message = _("This phone was asked several times within an hour. Wait, or choose another method.")
        raise Refused("too_many_questions", message, fields={"phone": [message]}, status=429)
    Attempt.objects.filter(pk=attempt.pk).update(phone_mark=mark)


def record_try(*, attempt: Attempt) -> None:
    """Count a try to end the attempt; locks it. Refused: too_many_tries, expired_state."""
    if clock.now() - attempt.started_at > timedelta(seconds=ATTEMPT_SECONDS):
        raise Refused("expired_state", _("The identification took too long. Please begin again."), status=400)
    counted = Attempt.objects.filter(pk=attempt.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    if not counted:
        raise Refused("too_many_tries", _("Too many tries. Please begin again."), status=429)


def record_delivery(*, attempt: Attempt, claims: VerifiedClaims | ProviderError) -> Attempt:
    """What a provider told the site itself: who it was, or why it failed; once, the first answer counts. Locks it.

    Refused: expired_state, the codes of identify_person.
    """
    with transaction.atomic():
        held = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if held.person_id is not None or held.fault:
            return held
        if clock.now() - held.started_at > timedelta(seconds=ATTEMPT_SECONDS):
            raise Refused(
                "expired_state", _("The identification took too long. Please begin again."), status=400
            )
        if isinstance(claims, ProviderError):
            held.fault = claims.code
        else:
            held.person = identify_person(claims=claims, asked_in=held.asked_in, joined_to=held.joins)
        held.save(update_fields=["person", "fault"])
    return held


def delete_old_attempts() -> int:
    """Forget attempts of more than a day ago."""
    number, _models = Attempt.objects.filter(started_at__lt=clock.now() - KEPT).delete()
    return number
