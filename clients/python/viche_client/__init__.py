"""A small typed client of the Viche API: what is public without a key, what a program of a body writes with one.

from viche_client import Viche
viche = Viche("https://viche.example.gov.ua")
for project in viche.projects("poltava", "2026", state="won"):
    print(project["number"], project["title"])
"""

from viche_client.client import OutcomeUnknown, Refusal, Viche
from viche_client.documents import (
    Contest,
    Entry,
    Figure,
    FigureLine,
    LogLine,
    OfficialReport,
    Project,
    ProjectLine,
    Register,
    Results,
    Work,
    Written,
)

__all__ = [
    "Contest", "Entry", "Figure", "FigureLine", "LogLine", "OfficialReport", "OutcomeUnknown", "Project", "ProjectLine",
    "Refusal", "Register", "Results", "Viche", "Work", "Written",
]  # fmt: skip
__version__ = "1.0"
