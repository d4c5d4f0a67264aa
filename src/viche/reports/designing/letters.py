"""The letter that brings a report: its words, the report as files, the way to have it no more."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.messages.channels import Message
from viche.connectors.messages.links import URLS, body_address
from viche.connectors.messages.models import Address
from viche.foundation import clock
from viche.foundation.mail import Enclosure
from viche.reports.designing.models import DesignedReport, ReportReader, ReportSchedule
from viche.reports.designing.queries import figure_of_report, reader_token
from viche.reports.figure import Figure
from viche.reports.printing import pdf_of_figures
from viche.reports.workbook import workbook_of

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LINES = 40


def letter_of(reader: ReportReader, address: Address) -> Message:
    """The letter as it is sent now, in the language of the address. Refused: what the report says."""
    schedule: ReportSchedule = reader.schedule
    report: DesignedReport = schedule.report
    community = report.community
    with translation.override(address.language if address.language in dict(settings.LANGUAGES) else "uk"):
        figure = figure_of_report(report)
        ending = page_address(schedule, "designed-letters-end", reader_token(reader))
        lines = [
            figure.title, community.title, *_lines(figure), figure.about, *figure.notes,
            page_address(schedule, "office-design", str(report.pk)),
            _("SHA-256 of the numbers: %(digest)s") % {"digest": figure.digest},
        ]  # fmt: skip
        end = _("You are sent this report %(when)s. No more of it: %(link)s") % {
            "when": schedule.get_every_display(), "link": ending,
        }  # fmt: skip
        return Message(
            key=f"report:{reader.pk}:{reader.due_at.isoformat() if reader.due_at else ''}", to=address.target,
            subject=f"{figure.title}: {community.title}", text="\n\n".join(lines) + f"\n\n--\n{end}\n",
            unsubscribe=ending, body=str(community.pk), enclosures=_enclosures(schedule, figure, community),
        )  # fmt: skip


def page_address(schedule: ReportSchedule, name: str, *args: str) -> str:
    """The absolute address of one of the body's pages."""
    community: Community = schedule.report.community
    return body_address(community, schedule.base) + reverse(name, args=args, urlconf=URLS)


def _lines(figure: Figure) -> list[str]:
    """The table as text, where it has one column of numbers and is short."""
    if len(figure.columns) > 1 or not figure.rows:
        return []
    lines = [f"{label}: {texts[0]}" for label, texts, _href in figure.lines()[:MOST_LINES]]
    if len(figure.rows) > MOST_LINES:
        lines.append("…")
    if figure.total is not None:
        lines.append(f"{_('Together')}: {figure.total_texts()[0]}")
    return ["\n".join(lines)]


def _enclosures(schedule: ReportSchedule, figure: Figure, community: Community) -> tuple[Enclosure, ...]:
    day = clock.now().astimezone(clock.KYIV).date().isoformat()
    name = f"{slugify(schedule.report.slug) or 'report'}-{day}"
    found = []
    if schedule.form != ReportSchedule.Form.WORKBOOK:
        pdf = pdf_of_figures([figure], title=figure.title, subtitle=community.title)
        found.append(Enclosure(f"{name}.pdf", pdf, "application/pdf"))
    if schedule.form != ReportSchedule.Form.PDF:
        found.append(Enclosure(f"{name}.xlsx", workbook_of([figure], title=figure.title), SHEET))
    return tuple(found)
