"""Tables of the ballot box. Constraints here are the real guards of "exactly once"."""

from uuid import uuid4

from django.db import models

from rulebook.rules.vocabulary import CHANNELS
from viche.communities.models import Community
from viche.contests.models import Contest


class Box(models.Model):
    """The contest's box. public_key: X25519, 32 bytes; empty for an imported election, which was never sealed.

    lot_commitment: the published SHA-256 (hex) of the public lot's seed, where the rules decide ties by lot;
    lot_seed: the seed itself (hex), shown when the box is opened and until then only among the contest's keys.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.OneToOneField(Contest, on_delete=models.PROTECT, related_name="box")
    public_key = models.BinaryField(null=True, max_length=32)
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    lot_commitment = models.CharField(max_length=64, blank=True)
    lot_seed = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "boxes"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lot_seed="") | models.Q(opened_at__isnull=False),
                name="lot_is_shown_after_the_opening",
            )
        ]

    def __str__(self) -> str:
        return str(self.contest_id)


class Participation(models.Model):
    """A mark: the holder of this token has voted in this contest.

    person_token: keyed by a key of the contest that lives outside the database (identity/tokens).
    channel: a word of the rulebook. request_hash: SHA-256 of the secret request key the voter's browser sent;
    body_mac ties key and choices, and cannot be recomputed without that key.
    """

    # random: an ordered id would tie the mark to its ballot, which is written with it
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="participations")
    person_token = models.BinaryField(max_length=32)
    channel = models.CharField(max_length=24)
    request_hash = models.BinaryField(max_length=32)
    body_mac = models.BinaryField(max_length=32)
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "contest", "person_token"], name="one_mark_a_person"
            ),
            models.UniqueConstraint(
                fields=["community", "contest", "request_hash"], name="one_mark_a_request"
            ),
            models.CheckConstraint(condition=models.Q(channel__in=CHANNELS), name="channel_is_known"),
        ]
        indexes = [models.Index(fields=["contest", "cast_at"], name="participation_turnout")]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.channel}"


class Ballot(models.Model):
    """A sealed ballot: commitment C and the envelope that only the contest's key opens."""

    commitment = models.BinaryField(primary_key=True, max_length=32)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="ballots", db_index=True)
    envelope = models.BinaryField()

    def __str__(self) -> str:
        return bytes(self.commitment).hex()[:12]


class Opening(models.Model):
    """An opened ballot, as published after the close: the choices and the nonce that prove its commitment.

    The ballots of an imported election, which were public from the start, enter here directly.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="openings")
    commitment = models.BinaryField(max_length=32)
    nonce = models.BinaryField(max_length=32)
    choices = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "contest", "commitment"], name="one_opening_a_ballot"
            )
        ]

    def __str__(self) -> str:
        return bytes(self.commitment).hex()[:12]
