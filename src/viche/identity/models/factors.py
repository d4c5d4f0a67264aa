"""Second factors of people who hold offices."""

from django.db import models

from viche.foundation.ids import uuid7
from viche.identity.models.people import Person


class SecondFactor(models.Model):
    """A person's one-time codes, and how often somebody has tried in vain.

    secret: sealed (identity.factors.totp), None where there are no one-time codes. last_step: the step used last.
    failures since the last success; nobody tries before blocked_until.
    """

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="second_factor"
    )
    secret = models.BinaryField(max_length=64, null=True)
    secret_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.person_id)


class Passkey(models.Model):
    """One passkey. identifier: the credential's; data: its public key with it; count: of signatures so far."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    identifier = models.BinaryField(max_length=1024, unique=True)
    data = models.BinaryField(max_length=4096)
    count = models.BigIntegerField(default=0)
    is_backed_up = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """One recovery code as an HMAC; used once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="one_recovery_code")]

    def __str__(self) -> str:
        return str(self.person_id)
