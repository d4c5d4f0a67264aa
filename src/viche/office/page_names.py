"""Pages that show personal data, in words: what the list of looks calls them."""

from django.utils.translation import gettext_lazy as _

PAGE_NAMES = {
    "office-members": _("Confirm a membership"),
    "office-member-end": _("Take a membership back"),
    "office-member-passport": _("Somebody without a tax number"),
    "office-member-merge": _("Two records of one person"),
    "office-requests": _("Requests to confirm membership"),
    "office-request": _("One request"),
    "office-request-file": _("A file of a request"),
    "office-review": _("A project under review"),
    "office-check-project": _("Check of a project’s form"),
    "office-talk": _("Comments"),
    "office-integrity-signal": _("A signal of the integrity desk"),
    "office-integrity-names": _("Names behind a signal"),
    "office-objections": _("This was not me"),
    "office-objection": _("This was not me"),
    "platform-objections": _("This was not me"),
    "platform-objection": _("This was not me"),
    "office-appeals": _("Appeals"),
    "office-appeal-document": _("A document of an appeal"),
    "office-sheet": _("A sheet of signatures"),
    "office-sheet-scan": _("The scan of a sheet"),
    "office-paper-scan": _("The scan of paper ballots"),
    "office-messages": _("Messages"),
    "office-message": _("One message"),
    "office-staff": _("Staff"),
    "office-staff-end": _("The end of an office"),
    "office-staff-reset": _("Reset of a second factor"),
    "office-terminal": _("Terminals of a bank"),
    "office-begin": _("First steps"),
    "office-export": _("Download of the archive"),
    "office-point": _("A polling point"),
    "office-desk-point": _("The desk of a polling point"),
    "office-desk-voter": _("A voter at the desk"),
    "office-desk-vote": _("A voter at the desk"),
    "office-desk-values": _("A voter at the desk"),
    "office-desk-review": _("A voter at the desk"),
    "office-desk-receipt": _("A voter at the desk"),
    "office-programs": _("Programs"),
    "office-program-new": _("Connect a program"),
    "office-program": _("A program"),
    "project-file": _("A document of a project"),
    "platform": _("Desk of the platform"),
    "platform-request": _("A request to connect"),
    "platform-body": _("A body"),
    "platform-export": _("Download of the archive"),
    "platform-messages": _("Messages"),
    "platform-message": _("One message"),
}


def page_name(address: str) -> str:
    """The page of this name of an address, in words; the name itself where there are none."""
    return str(PAGE_NAMES.get(address, address))
