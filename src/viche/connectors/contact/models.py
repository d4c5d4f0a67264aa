"""Messages of the contact form, the letters about them, and what is counted against floods.

A message is personal data: it stands here only, in no journal and in no archive of a body, and is deleted a year after
it was answered or closed.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.foundation.ids import uuid7
from viche.identity.models import Person


class ContactMessage(models.Model):
    """What somebody wrote. community: whom it is for, None for the platform itself.

    form: the form it was sent by, so that one form pressed twice is one message. base: the address of the site in front
    of the path, for the links of letters. has_copy: a copy goes to the writer; only where the address is one that the
    identified writer has confirmed for notices. answer: what was answered by e-mail, empty where it was not.
    """

    class Subject(models.TextChoices):
        QUESTION = "question", _("a question about the participatory budget")
        PERSONAL_DATA = "personal_data", _("my personal data")
        ACCESSIBILITY = "accessibility", _("the site is hard for me to use")
        ERROR = "error", _("an error on the site")
        COMPLAINT = "complaint", _("a complaint")

    class State(models.TextChoices):
        NEW = "new", _("waits for an answer")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, null=True, on_delete=models.PROTECT, related_name="+")
    form = models.UUIDField(unique=True, editable=False)
    subject = models.CharField(max_length=16, choices=Subject.choices)
    text = models.TextField()
    name = models.CharField(max_length=120)
    email = models.EmailField()
    language = models.CharField(max_length=2)
    base = models.CharField(max_length=200)
    has_copy = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    received_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["community", "state", "received_at"], name="contact_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="new") | Q(answered_at__isnull=True, closed_at__isnull=True),
                name="new_message_is_untouched",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="answer_has_its_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="closing_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ContactLetter(models.Model):
    """One letter about a message, in the queue. Its words and its address are put together when it is sent.

    next_at: when it is tried next; while it is being sent, when another worker may take it for given up. error: our own
    words about the last try, without any address.
    """

    class Kind(models.TextChoices):
        MAILBOX = "mailbox", _("to the mailbox")
        COPY = "copy", _("copy to the writer")
        ANSWER = "answer", _("answer to the writer")

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(ContactMessage, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(state__in=["queued", "sending"]), name="contact_letters_due"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["message", "kind"], name="one_contact_letter_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def key(self) -> str:
        """What it says, for its Message-ID: the same letter sent again after a crash is the same letter."""
        return f"contact:{self.message_id}:{self.kind}"


class SendingMark(models.Model):
    """That a message came from a session or a subnet; kept an hour, to count. mark: an HMAC by a key outside the
    database (hex): neither a session nor an address can be read from it.
    """

    mark = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["mark", "sent_at"], name="contact_marks")]

    def __str__(self) -> str:
        return str(self.pk)
