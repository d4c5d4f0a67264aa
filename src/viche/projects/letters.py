"""What the letters of this room say; identity sends them."""

from django.utils.translation import gettext as _

from viche.identity.letters import KINDS
from viche.identity.models import Letter
from viche.projects.models import TeamMember
from viche.projects.team import is_invitation_open, team_secret

TEAM = "team"


def _team(letter: Letter) -> tuple[str, str] | None:
    """Nothing for an invitation that was meanwhile answered, taken back or has ended."""
    found = (
        TeamMember.objects.select_related("project__contest__community", "project__author")
        .filter(pk=letter.subject)
        .first()
    )
    if found is None or not is_invitation_open(found):
        return None
    project = found.project
    language = "" if letter.language == "uk" else f"{letter.language}/"
    link = f"{letter.base}{language}{project.contest.slug}/team/{team_secret(found.pk)}/"
    inviter = project.author.display_name if project.author else project.author_name
    title = project.title or _("a project without a title yet")
    lines = [
        _("Good day, %(name)s!") % {"name": found.name},
        _("%(inviter)s invites you to write a project together: “%(title)s” (%(contest)s, %(body)s).")
        % {
            "inviter": inviter, "title": title, "contest": project.contest.name,
            "body": project.contest.community.title,
        },
        _("Open this link and identify yourself to see the project, and to agree or decline:"),
        link,
        _("If this letter is not meant for you, simply delete it: without your agreement nothing happens."),
    ]  # fmt: skip
    return _("Write a project together: %(title)s") % {"title": title}, "\n\n".join(lines) + "\n"


KINDS[TEAM] = _team
