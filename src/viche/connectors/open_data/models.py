"""Tables of the open data's room."""

from django.core.validators import RegexValidator
from django.db import models

from viche.communities.models import Community
from viche.connectors.open_data.licences import USUAL


class Terms(models.Model):
    """On what terms a body gives its data away, and what the law wants to know of it as a publisher.

    licence: one of LICENCES. edrpou: its code in the register of legal entities. mailbox: of whoever answers questions
    about the data; empty is the body's own address.
    """

    community = models.OneToOneField(
        Community, on_delete=models.CASCADE, primary_key=True, related_name="open_data_terms"
    )
    licence = models.CharField(max_length=20, default=USUAL)
    edrpou = models.CharField(max_length=8, blank=True, validators=[RegexValidator(r"^[0-9]{8}$")])
    mailbox = models.EmailField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "terms"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(edrpou="") | models.Q(edrpou__regex=r"^[0-9]{8}$"),
                name="edrpou_is_eight_digits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.licence}"
