"""How long the projects room keeps what it knows of people."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule, after
from viche.projects.actions.clearing import YEAR, delete_old_scans, delete_old_team_invitations
from viche.projects.actions.drafts import KEPT_FOR, delete_left_files, delete_old_drafts

RULES = (
    Rule(
        "project_drafts", _("drafts of projects, with pictures and documents"),
        after(_("%(term)s after the last change"), lambda: KEPT_FOR), _("so that you can go on writing"),
        # the row is a project like others: projects.Project stands among what is kept
        lambda: delete_old_drafts() + delete_left_files(),
    ),
    Rule(
        "team_invitations", _("invitations to write a project together that nobody took, with the e-mail address"),
        after("%(term)s", lambda: YEAR), _("so that an invitation can be answered"), delete_old_team_invitations,
        ("projects.TeamMember",),
    ),
    Rule(
        "sheet_scans", _("scans of sheets of signatures on paper"),
        after(_("%(term)s after the sheet was counted"), lambda: YEAR),
        _("so that a count of signatures can be checked"), delete_old_scans,
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("what two operators read on a sheet of signatures: names, dates of birth, tokens of numbers"),
        _("until the sheet is counted or put aside"), _("so that their readings can be compared"),
        ("projects.SheetEntry", "projects.SheetChoice"),
    ),
    Kept(
        _("submitted projects with their authors, documents and versions; what was built and how it was rated"),
        _("for good"), _("documents of the body (law on the national archives)"),
        (
            "projects.Project", "projects.Picture", "projects.Attachment", "projects.Version", "projects.CheckDecision",
            "projects.SupportSheet", "projects.SheetRow", "projects.Delivery", "projects.Contract",
            "projects.Milestone", "projects.Photograph", "projects.Delay", "projects.Rating",
        ),
    ),
    Kept(
        _("signatures in support of a project: a keyed token, and who signed"),
        _("for good; who signed, until you ask for erasure"), _("so that support can be counted again"),
        ("projects.Signature",),
    ),
)  # fmt: skip

IMPERSONAL = ("projects.SearchWord",)
