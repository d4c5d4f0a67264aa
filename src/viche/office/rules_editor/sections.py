"""All sections of the editor, in the order of a regulation."""

from collections.abc import Iterable

from viche.office.rules_editor.counting import CountingSection
from viche.office.rules_editor.course import ReviewSection, SubmissionSection, SupportSection
from viche.office.rules_editor.documents import SectionPage
from viche.office.rules_editor.money import MoneySection, ProjectsSection
from viche.office.rules_editor.people import PeopleSection
from viche.office.rules_editor.results import ResultsSection
from viche.office.rules_editor.voting import VotingSection

SECTIONS: dict[str, type[SectionPage]] = {
    section.id: section
    for section in (
        ProjectsSection, MoneySection, PeopleSection, SubmissionSection, SupportSection, ReviewSection, VotingSection,
        CountingSection, ResultsSection,
    )
}  # fmt: skip


def section_of(path: str) -> str:
    """The section a place of the document belongs to; empty for the schedule and the whole."""
    first = path.strip("/").partition("/")[0]
    return next((name for name, section in SECTIONS.items() if first in section.owns), "")


def differing_sections(paths: Iterable[str]) -> list[str]:
    """The sections that these places belong to, in order."""
    found = {section_of(path) for path in paths}
    return [name for name in SECTIONS if name in found]
