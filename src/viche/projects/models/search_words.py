"""The words that occur in a body's projects."""

from django.db import models

from viche.communities.models import Community


class SearchWord(models.Model):
    """A word as it stands in some submitted project of the body, folded as the search folds it.

    A question with a word that occurs nowhere is compared with these. A word stays when the project that brought it
    changes; a suggestion is made only where it finds a public project.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "word"], name="one_search_word")]

    def __str__(self) -> str:
        return self.word
