"""The second factor of an official: set up, used, taken off, reset."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.events import FactorAdded, FactorRemoved, FactorsReset
from viche.identity.factors import recovery, totp
from viche.identity.factors.passkeys import Made, is_cloned
from viche.identity.models import PLATFORM, Office, Passkey, Person, RecoveryCode, Role, SecondFactor
from viche.identity.queries import has_factor
from viche.journal import actions as journal

FREE_FAILURES, MOST_PASSKEYS, MAX_NAME = 5, 10, 60
LONGEST_WAIT = timedelta(hours=1)


def set_codes(*, person: Person, secret: bytes, code: str) -> list[str]:
    """Keep the secret of one-time codes once the person has typed a code of it; returns recovery codes if they are the
    first. Locks the person. Journal: FactorAdded. Refused: wrong_code.
    """
    with transaction.atomic():
        held = _held(person)
        step = totp.used_step(code, secret, clock.now().timestamp(), 0)
        if step is None:
            raise _wrong_code()
        held.secret, held.secret_at, held.last_step = totp.sealed(secret, str(person.pk)), clock.now(), step
        held.save()
        _write(person, FactorAdded(kind="codes"))
        return (
            [] if RecoveryCode.objects.filter(person=person).exists() else make_recovery_codes(person=person)
        )


def record_passkey(*, person: Person, made: Made, name: str) -> list[str]:
    """Keep a new passkey; returns recovery codes if they are the first. Locks the person. Journal: FactorAdded.

    Refused: known_passkey, too_many_passkeys.
    """
    try:
        with transaction.atomic():
            _held(person)
            if Passkey.objects.filter(person=person).count() >= MOST_PASSKEYS:
                raise Refused("too_many_passkeys", _("You have as many passkeys as one may have."))
            Passkey.objects.create(
                person=person, name=(name.strip() or _("Passkey"))[:MAX_NAME], identifier=made.identifier,
                data=made.data, count=made.count, is_backed_up=made.is_backed_up, created_at=clock.now(),
            )  # fmt: skip
            _write(person, FactorAdded(kind="passkey"))
            has_codes = RecoveryCode.objects.filter(person=person).exists()
            return [] if has_codes else make_recovery_codes(person=person)
    except IntegrityError:
        raise Refused("known_passkey", _("This passkey is already here.")) from None


def make_recovery_codes(*, person: Person) -> list[str]:
    """Ten new recovery codes in place of the old ones; shown once, kept as HMACs. Locks the person."""
    codes = recovery.new_codes()
    with transaction.atomic():
        _held(person)
        RecoveryCode.objects.filter(person=person).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(person=person, digest=recovery.digest_of(code)) for code in codes
        )
    return codes


def check_code(*, person: Person, code: str) -> str:
    """Whether this is a one-time code, or a recovery code that was not used; returns which: "codes", "recovery".

    After five failures each further one makes the person wait, twice as long each time, at most an hour. Locks the
    person. Refused: wrong_code, wait.
    """
    with transaction.atomic():
        held = _held(person)
        _check_wait(held)
        kind = _kind_of(held, code)
        if kind:
            held.failures, held.blocked_until = 0, None
        else:
            held.failures = min(held.failures + 1, 1000)
            if held.failures >= FREE_FAILURES:
                wait = timedelta(seconds=30 * 2 ** min(held.failures - FREE_FAILURES, 10))
                held.blocked_until = clock.now() + min(wait, LONGEST_WAIT)
        held.save()
    # after the transaction: a failure has to be counted
    if not kind:
        raise _wrong_code()
    return kind


def _kind_of(held: SecondFactor, code: str) -> str:
    if held.secret is not None:
        secret = totp.opened(bytes(held.secret), str(held.person_id))
        step = totp.used_step(code, secret, clock.now().timestamp(), held.last_step)
        if step is not None:
            held.last_step = step
            return "codes"
    used = RecoveryCode.objects.filter(
        person_id=held.person_id, digest=recovery.digest_of(code), used_at=None
    ).update(used_at=clock.now())
    return "recovery" if used else ""


def use_passkey(*, person: Person, identifier: bytes, count: int) -> None:
    """Record that a passkey answered. Locks the person. Refused: unknown_passkey, cloned_passkey."""
    with transaction.atomic():
        _held(person)
        found = Passkey.objects.filter(person=person, identifier=identifier).first()
        if found is None:
            raise Refused("unknown_passkey", _("This passkey is not one of yours."), status=403)
        if is_cloned(found.count, count):
            raise Refused(
                "cloned_passkey",
                _("This passkey seems to have been copied. Use another way, take it off and make a new one."),
                status=403,
            )
        found.count, found.used_at = count, clock.now()
        found.save(update_fields=["count", "used_at"])
        SecondFactor.objects.filter(person=person).update(failures=0, blocked_until=None)


def remove_factor(*, person: Person, which: str) -> None:
    """Take one-time codes ("codes") or a passkey (its id) off. Locks the person. Journal: FactorRemoved.

    Refused: unknown_factor, last_factor (while the person holds an office).
    """
    with transaction.atomic():
        held = _held(person)
        if which == "codes" and held.secret is not None:
            held.secret, held.secret_at, held.last_step = None, None, 0
            held.save()
        elif not Passkey.objects.filter(person=person, pk=which if _is_reference(which) else None).delete()[
            0
        ]:
            raise Refused("unknown_factor", _("There is no such factor any more."), status=404)
        if not has_factor(person):
            if Office.objects.filter(person=person, until=None).exists():
                raise Refused(
                    "last_factor",
                    _("While you hold an office you need a second factor: set up another one first."),
                )
            RecoveryCode.objects.filter(person=person).delete()
        _write(person, FactorRemoved(kind="codes" if which == "codes" else "passkey"))


def reset_factors(*, person: Person, community: Community, reason: str, by: Actor) -> None:
    """An administrator of the body takes every factor of one of its officials off, who has lost them all.

    The official sets up new ones at the next visit. Nobody resets their own: it takes two. Journal: FactorsReset.
    Refused: not_administrator, your_own, not_staff, no_reason.
    """
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator resets a second factor."), status=403)
    if by.person_id == person.pk:
        raise Refused("your_own", _("Another administrator has to reset your second factor."), status=403)
    if not Office.objects.filter(person=person, community=community, until=None).exists():
        raise Refused("not_staff", _("This person holds no office here."), status=404)
    if not reason.strip():
        message = _("Say how you made sure who asked for it.")
        raise Refused("no_reason", message, fields={"reason": [message]}, status=422)
    with transaction.atomic():
        _held(person)
        Passkey.objects.filter(person=person).delete()
        RecoveryCode.objects.filter(person=person).delete()
        SecondFactor.objects.filter(person=person).update(
            secret=None, secret_at=None, last_step=0, failures=0, blocked_until=None
        )
        journal.append(FactorsReset(), community=community.code, year=clock.year(), by=by)


def _held(person: Person) -> SecondFactor:
    """The person's row, held; made where there is none."""
    SecondFactor.objects.get_or_create(person=person)
    return SecondFactor.objects.select_for_update().get(person=person)


def _check_wait(held: SecondFactor) -> None:
    now = clock.now()
    if held.blocked_until is not None and now < held.blocked_until:
        minutes = max(1, -(-int((held.blocked_until - now).total_seconds()) // 60))
        raise Refused(
            "wait",
            ngettext(
                "Too many wrong codes. Try again in %(n)d minute.",
                "Too many wrong codes. Try again in %(n)d minutes.",
                minutes,
            )
            % {"n": minutes},
            status=429,
        )


def _wrong_code() -> Refused:
    message = _("This code does not fit. Look at the clock of your phone, and take the newest code.")
    return Refused("wrong_code", message, fields={"code": [message]}, status=422)


def _is_reference(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4


def _write(person: Person, event: FactorAdded | FactorRemoved) -> None:
    """In the journal of every body where the person holds an office, without the person."""
    codes = Office.objects.filter(person=person, until=None).values_list("community__code", flat=True)
    for code in {each or PLATFORM for each in codes}:
        journal.append(event, community=code, year=clock.year(), by=None)
