"""Tables of the body's website: where results are pushed, what was pushed, how the static copy of a body stands."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person


class TargetKind(models.TextChoices):
    WORDPRESS = "wordpress", _("WordPress")
    WEBDAV = "webdav", _("Folder of the site (WebDAV)")
    SIGNED_POST = "signed-post", _("Address of the site that takes JSON, signed")


class PushTarget(models.Model):
    """A site of the body to which results are pushed when they are published.

    address: of the site, of the folder, or of the program that takes JSON. user: where one signs in by name. secret:
    the password or the signing secret, sealed (pushing.sealing). site: our own address of the body, for links back.
    tested: a word of pushing.wording.OUTCOMES, "" where it was never tested.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="push_targets")
    kind = models.CharField(max_length=12, choices=TargetKind.choices)
    title = models.CharField(max_length=120)
    address = models.CharField(max_length=300)
    user = models.CharField(max_length=120, blank=True)
    secret = models.BinaryField(max_length=1000)
    site = models.CharField(max_length=200)
    connected_at = models.DateTimeField()
    connected_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    tested = models.CharField(max_length=20, blank=True)
    tested_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["community", "title"], name="one_push_target_a_title"),
            models.UniqueConstraint(
                fields=["community", "kind", "address"], name="one_push_target_an_address"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PushState(models.TextChoices):
    QUEUED = "queued", _("waits")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("stands on the site")
    FAILED = "failed", _("given up")


class Push(models.Model):
    """The result of one contest on one site: one page there, however often it is sent.

    next_at: when it is tried next; while it is being sent, when another worker may take it for given up. outcome: a
    word of pushing.wording.OUTCOMES about the last try. remote: the page's id there. etag: of the file there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    target = models.ForeignKey(PushTarget, on_delete=models.CASCADE, related_name="pushes")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=PushState.choices, default=PushState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    remote = models.CharField(max_length=40, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-queued_at"]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state__in=["queued", "sending"]), name="pushes_due")
        ]
        constraints = [
            models.UniqueConstraint(fields=["target", "contest"], name="one_push_a_contest_and_target"),
            models.UniqueConstraint(
                fields=["target"], condition=Q(state="sending"), name="one_push_in_flight_a_target"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_push_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SiteCopy(models.Model):
    """How the static copy of a body stands.

    wanted_at: an official asked for a fresh one then. mark: how far the journal was when the copy was made.
    taken_until: while a worker writes it, when another may take it for given up. fault: a code of the last run that
    failed.
    """

    community = models.OneToOneField(
        Community, primary_key=True, on_delete=models.PROTECT, related_name="site_copy"
    )
    wanted_at = models.DateTimeField(null=True)
    taken_until = models.DateTimeField(null=True)
    mark = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(null=True)
    files = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=40, blank=True)
    fault_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.community_id)
