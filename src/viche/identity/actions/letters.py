"""Letters: queued in the transaction of the act, sent by a job after it."""

from uuid import UUID

from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django import app as jobs

from viche.foundation import clock, mail
from viche.identity.letters import words_of
from viche.identity.models import Letter


def queue_letter(*, key: str, kind: str, subject: UUID, to: str, language: str, base: str) -> None:
    """Put a letter on its way, inside the caller's transaction: a job sends it when that is committed.

    key: what the letter says; a second letter of the same key is never written. base: the address of the site in
    front of the path. Nothing where no mail is set up.
    """
    if not mail.is_set_up():
        return
    letter, is_new = Letter.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind, "subject": subject, "to": to, "language": language, "base": base, "queued_at": clock.now(),
        },
    )  # fmt: skip
    if is_new:
        task = jobs.configure_task("viche.identity.jobs.send_letter", lock=f"letter:{letter.pk}")
        task.defer(letter_id=str(letter.pk))


def send_queued_letter(*, letter_id: str) -> bool:
    """Send a letter that was not sent yet; locks its row. False where it was, or has nothing to say any more.

    Raises what the mail server's protocol raises, and then keeps nothing: the job tries again later.
    """
    with transaction.atomic():
        letter = Letter.objects.select_for_update().filter(pk=letter_id, sent_at__isnull=True).first()
        if letter is None:
            return False
        with translation.override(letter.language):
            words = words_of(letter)
        letter.sent_at = clock.now()
        letter.save(update_fields=["sent_at"])
        if words is None:
            return False
        subject, text = words
        # last: a letter that left and was not kept as sent would leave twice
        mail.send_letter(key=letter.key, to=letter.to, subject=subject, text=text)
    return True
