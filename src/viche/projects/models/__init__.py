"""Tables of the projects room."""

from viche.projects.models.delivery import Contract, Delay, Delivery, Milestone, Photograph, Rating
from viche.projects.models.files import Attachment
from viche.projects.models.projects import PUBLIC_STATES, UNPUBLISHED_STATES, Picture, Project, State
from viche.projects.models.search_words import SearchWord
from viche.projects.models.sheets import SheetChoice, SheetEntry, SheetRow, SupportSheet
from viche.projects.models.signatures import CheckDecision, Signature
from viche.projects.models.versions import TeamMember, Version

__all__ = [
    "PUBLIC_STATES", "UNPUBLISHED_STATES", "Attachment", "CheckDecision", "Contract", "Delay", "Delivery",
    "Milestone", "Photograph", "Picture", "Project", "Rating", "SearchWord", "SheetChoice", "SheetEntry", "SheetRow",
    "Signature", "State", "SupportSheet", "TeamMember", "Version",
]  # fmt: skip
