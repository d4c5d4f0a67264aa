"""URLs inside a community, at its own host or under its path (communities.place)."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from viche.api import networks
from viche.api.terminals.urls import terminal_urls
from viche.config import addresses  # noqa: F401 (contest slugs in the paths below)
from viche.config.urls import ROOMS, everywhere, handler400, handler404, handler500, journals, personal
from viche.office.views import (
    access,
    annulments,
    by_document,
    checking,
    commission,
    desk,
    districts,
    face,
    freeze,
    integrity,
    leaving,
    legal,
    members,
    paper_imports,
    paper_sheets,
    papers,
    papers_print,
    points,
    polling,
    polling_ballot,
    rehearsal,
    review,
    schedule,
    staff,
    works,
)
from viche.office.views import contact as office_contact
from viche.office.views import contest as office_contest
from viche.office.views import key as office_key
from viche.office.views import networks as office_networks
from viche.office.views import objections as office_objections
from viche.office.views import rules as office_rules
from viche.office.views import support as office_support
from viche.office.views import talk as moderation
from viche.office.views import terminals as office_terminals
from viche.portal.views import (
    booth,
    contests,
    invitations,
    kiosk,
    meetings,
    mine,
    project_files,
    projects,
    receipts,
    records,
    results,
    reviewing,
    searching,
    start,
    support,
    taking_part,
    talk,
    writing,
)
from viche.portal.views import coach as coach_pages
from viche.portal.views import notices as notice_pages
from viche.portal.views import papers as public_papers
from viche.portal.views import points as point_pages
from viche.portal.views import team as team_pages
from viche.portal.views import texts as text_pages
from viche.portal.views import works as built_works
from viche.results.explaining import COMPARISON, EXPLANATION

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]


urlpatterns = [
    *everywhere,
    path("brand.css", start.brand, name="brand"),
    # machines: terminal networks in their own protocols
    path("terminals/<slug:dialect>/<str:path>/", networks.network, name="terminal-network"),
    # machines: our own API for terminals of banks
    *terminal_urls(),
    *(each for room in ROOMS for each in room.community_machines),
    *i18n_patterns(
        path("", start.home, name="home"),
        *personal,
        *journals,
        *(each for room in ROOMS for each in room.community_pages),
        path("office/", desk.desk, name="office"),
        path("office/begin/", face.begin, name="office-begin"),
        path("office/face/", face.face, name="office-face"),
        path("office/face/sample.css", face.sample, name="office-face-sample"),
        path("office/texts/", legal.texts, name="office-texts"),
        path("office/texts/<slug:name>/", legal.text, name="office-text"),
        path("office/staff/", staff.staff, name="office-staff"),
        path("office/staff/end/", staff.end, name="office-staff-end"),
        path("office/staff/reset/", staff.reset, name="office-staff-reset"),
        path("office/messages/", office_contact.inbox, name="office-messages"),
        path("office/messages/<uuid:reference>/", office_contact.message, name="office-message"),
        path("office/objections/", office_objections.listed, name="office-objections"),
        path("office/objections/<uuid:reference>/", office_objections.objection, name="office-objection"),
        path("office/terminals/", office_terminals.terminals, name="office-terminals"),
        path("office/terminals/new/", office_terminals.new_terminal, name="office-terminal-new"),
        path("office/terminals/<uuid:reference>/", office_terminals.terminal, name="office-terminal"),
        path("office/terminals/<uuid:reference>/networks/", office_networks.networks, name="office-networks"),
        path("office/terminals/networks/<uuid:reference>/", office_networks.network, name="office-network"),
        path("office/access/", access.access, name="office-access"),
        path("office/retention/", access.retention, name="office-retention"),
        path("office/leaving/", leaving.leaving, name="office-leaving"),
        path("office/leaving/archive.zip", leaving.download, name="office-export"),
        path("invitation/<str:name>/", invitations.invitation, name="invitation"),
        path("office/polling-points/", points.points, name="office-points"),
        path("office/polling-points/new/", points.new_point, name="office-point-new"),
        path("office/polling-points/<uuid:reference>/", points.point, name="office-point"),
        # the desk of a polling point, its ways by the contest
        path("office/<contest:contest>/desk/", polling.desks, name="office-desk-points"),
        path("office/<contest:contest>/desk/<uuid:reference>/", polling.desk, name="office-desk-point"),
        *(
            path(f"office/<contest:contest>/desk/<uuid:reference>/voter/<str:name>/{page}", view, name=name)
            for page, view, name in (
                ("", polling.voter, "office-desk-voter"),
                ("vote/", polling_ballot.choose, "office-desk-vote"),
                ("values/", polling_ballot.values, "office-desk-values"),
                ("review/", polling_ballot.review, "office-desk-review"),
                ("receipt/", polling_ballot.receipt, "office-desk-receipt"),
            )
        ),
        path("office/members/", members.members, name="office-members"),
        path("office/members/passport/", by_document.by_passport, name="office-member-passport"),
        path("office/members/merge/", by_document.merge, name="office-member-merge"),
        path("office/new/", schedule.new_contest, name="office-contest-new"),
        path("office/districts/", districts.districts, name="office-districts"),
        path("office/districts/<str:name>/", districts.district, name="office-district"),
        path("office/<contest:contest>/", office_contest.contest, name="office-contest"),
        path("office/<contest:contest>/rules/", office_rules.overview, name="office-rules"),
        path("office/<contest:contest>/rules/text/", office_rules.regulation, name="office-rules-text"),
        path("office/<contest:contest>/rules/ballot/", office_rules.preview, name="office-ballot-preview"),
        path("office/<contest:contest>/rules/history/", office_rules.history, name="office-rules-history"),
        path(
            "office/<contest:contest>/rules/<slug:name>/",
            office_rules.section,
            name="office-rules-section",
        ),
        path("office/<contest:contest>/schedule/", schedule.schedule, name="office-schedule"),
        path("office/<contest:contest>/rehearsal/", rehearsal.rehearsal, name="office-rehearsal"),
        path("office/<contest:contest>/key/", office_key.key, name="office-key"),
        path("office/<contest:contest>/key/<slug:name>/", office_key.key_file, name="office-key-file"),
        path("office/<contest:contest>/papers/print/", papers_print.papers_print, name="office-papers-print"),
        path(
            "office/<contest:contest>/papers/<slug:name>.pdf",
            papers_print.papers_file,
            name="office-papers-file",
        ),
        # paper that is entered: stacks, single sheets, second looks
        path("office/<contest:contest>/papers/", papers.papers, name="office-papers"),
        path("office/<contest:contest>/papers/new/", papers.new_stack, name="office-paper-new"),
        path("office/<contest:contest>/papers/<uuid:reference>/", papers.stack, name="office-paper"),
        path(
            "office/<contest:contest>/papers/<uuid:reference>/recheck/",
            paper_sheets.recheck,
            name="office-paper-recheck",
        ),
        path(
            "office/<contest:contest>/papers/<uuid:reference>/scans/<uuid:scan>/",
            papers.scan,
            name="office-paper-scan",
        ),
        path(
            "office/<contest:contest>/papers/<uuid:reference>/sheets/<str:name>/",
            paper_sheets.sheet,
            name="office-paper-sheet",
        ),
        path("office/<contest:contest>/freeze/", freeze.freeze, name="office-freeze"),
        path("office/<contest:contest>/review/", review.board, name="office-review-board"),
        path("office/<contest:contest>/review/<int:number>/", review.review, name="office-review"),
        # the commission's desk: meetings, appeals, projects that exclude each other
        path("office/<contest:contest>/commission/", commission.commission, name="office-commission"),
        path("office/<contest:contest>/commission/call/", commission.call, name="office-meeting-call"),
        path("office/<contest:contest>/commission/<int:number>/", commission.room, name="office-meeting"),
        path("office/<contest:contest>/commission/appeals/", commission.appeals, name="office-appeals"),
        path("office/<contest:contest>/dossier/<int:number>/", commission.dossier, name="office-dossier"),
        path(
            "office/<contest:contest>/commission/appeals/<uuid:reference>/",
            commission.appeal_document,
            name="office-appeal-document",
        ),
        path(
            "office/<contest:contest>/commission/incompatible/",
            commission.incompatible,
            name="office-incompatible",
        ),
        path("<contest:contest>/meetings/", meetings.meetings, name="meetings"),
        path("<contest:contest>/meetings/<int:number>/", meetings.meeting, name="meeting"),
        path("<contest:contest>/meetings/<int:number>.json", meetings.protocol, name="protocol"),
        path("<contest:contest>/projects/<int:number>/appeal/", meetings.appeal, name="appeal"),
        path("office/<contest:contest>/opinions/<uuid:reference>/", review.opinion, name="office-opinion"),
        path("<contest:contest>/projects/<int:number>/review/", reviewing.answer, name="project-review"),
        path("<contest:contest>/opinions/<uuid:reference>/", reviewing.opinion_file, name="opinion-file"),
        path("office/<contest:contest>/integrity/", integrity.signals, name="office-integrity"),
        path(
            "office/<contest:contest>/integrity/thresholds/",
            integrity.thresholds,
            name="office-integrity-thresholds",
        ),
        path(
            "office/<contest:contest>/integrity/<uuid:reference>/",
            integrity.signal,
            name="office-integrity-signal",
        ),
        path(
            "office/<contest:contest>/integrity/<uuid:reference>/names/",
            integrity.names,
            name="office-integrity-names",
        ),
        path("office/<contest:contest>/works/", works.works, name="office-works"),
        path("office/<contest:contest>/works/<int:number>/", works.work, name="office-work"),
        path("office/members/<uuid:reference>/end/", members.end, name="office-member-end"),
        path("office/members/requests/", members.requests, name="office-requests"),
        path("office/members/requests/<uuid:reference>/", members.request_page, name="office-request"),
        path(
            "office/members/requests/<uuid:reference>/files/<uuid:file>/",
            members.request_file,
            name="office-request-file",
        ),
        path("office/members/register/", members.register, name="office-register"),
        path("office/members/register/key/", members.register_key, name="office-register-key"),
        path("office/members/register/tool/", members.register_tool, name="office-register-tool"),
        path("my/follow/", notice_pages.follow, name="follow"),
        path("my/requests/new/", taking_part.new_request, name="request-new"),
        path("my/requests/<uuid:reference>/withdraw/", taking_part.withdraw, name="request-withdraw"),
        path("office/<contest:contest>/papers/imports/", paper_imports.imports, name="office-paper-imports"),
        path(
            "office/<contest:contest>/papers/imports/template.<slug:kind>",
            paper_imports.template,
            name="office-paper-template",
        ),
        path(
            "office/<contest:contest>/papers/imports/<uuid:reference>/",
            paper_imports.paper_import,
            name="office-paper-import",
        ),
        path(
            "office/<contest:contest>/papers/imports/<uuid:reference>/findings.csv",
            paper_imports.findings,
            name="office-paper-findings",
        ),
        path(
            "office/<contest:contest>/papers/imports/<uuid:reference>/report.csv",
            paper_imports.report,
            name="office-paper-report",
        ),
        path("office/<contest:contest>/annulments/", annulments.annulments, name="office-annulments"),
        path("office/<contest:contest>/talk/", moderation.talk, name="office-talk"),
        path("<contest:contest>/projects/<int:number>/talk/", talk.talk, name="talk"),
        path(
            "<contest:contest>/projects/<int:number>/talk/<uuid:reference>/", talk.report, name="talk-report"
        ),
        path("<contest:contest>/projects/<int:number>/news/", talk.news, name="news"),
        path("<contest:contest>/projects/<int:number>/poster/", talk.poster, name="poster"),
        # a public screen: any browser that was tied to a polling point by a code
        path("kiosk/", kiosk.start, name="kiosk"),
        path("kiosk/reset/", kiosk.reset, name="kiosk-reset"),
        path("kiosk/choose/", kiosk.choose, name="kiosk-choose"),
        path("kiosk/number/", kiosk.number, name="kiosk-number"),
        path("kiosk/values/", kiosk.values, name="kiosk-values"),
        path("kiosk/review/", kiosk.review, name="kiosk-review"),
        path("kiosk/identify/", kiosk.identify, name="kiosk-identify"),
        path("kiosk/waiting/", kiosk.waiting, name="kiosk-waiting"),
        path("kiosk/receipt/", kiosk.receipt, name="kiosk-receipt"),
        path("kiosk/phone/<str:name>/", kiosk.phone, name="kiosk-phone"),
        path("kiosk/handover/<str:name>/", kiosk.handover, name="kiosk-handover"),
        path("<contest:contest>/points/", point_pages.points, name="points"),
        path("works/", built_works.built, name="built"),
        path("<contest:contest>/works/", built_works.works, name="works"),
        path("<contest:contest>/projects/<int:number>/rate/", built_works.rate, name="rate"),
        path("<contest:contest>/can-i/", taking_part.can_i, name="can-i"),
        path("<contest:contest>/", contests.contest, name="contest"),
        path("<contest:contest>/paper/", public_papers.paper, name="paper"),
        path("<contest:contest>/paper/<uuid:reference>.json", public_papers.batch, name="paper-batch"),
        path("<contest:contest>/turnout/", contests.turnout, name="turnout"),
        path("<contest:contest>/turnout.json", contests.turnout_file, {"kind": "json"}, name="turnout-json"),
        path("<contest:contest>/turnout.csv", contests.turnout_file, {"kind": "csv"}, name="turnout-csv"),
        path("<contest:contest>/rules/", contests.rules, name="rules"),
        path("<contest:contest>/rules.json", contests.rules_document, name="rules-document"),
        path("<contest:contest>/projects/", searching.projects, name="projects"),
        path("search/", searching.search, name="search"),
        path("<contest:contest>/projects/map/", searching.projects_map, name="projects-map"),
        path("<contest:contest>/projects.geojson", searching.projects_geojson, name="projects-geojson"),
        path("<contest:contest>/projects/<int:number>/", projects.project, name="project"),
        path("<contest:contest>/projects/<int:number>/pick/", booth.pick, name="pick"),
        path("<contest:contest>/projects/<int:number>/withdraw/", projects.withdraw, name="withdraw"),
        path("<contest:contest>/submit/", writing.submit, name="submit"),
        # writing a project
        path("<contest:contest>/write/", writing.write, name="write"),
        path("<contest:contest>/write/<uuid:reference>/", writing.opened, name="write-draft"),
        path("<contest:contest>/write/<uuid:reference>/discard/", writing.discard, name="write-discard"),
        path("<contest:contest>/files/<uuid:file>/", project_files.project_file, name="project-file"),
        # people and texts around a project
        path(
            "<contest:contest>/projects/<int:number>/versions/", text_pages.versions, name="project-versions"
        ),
        path("<contest:contest>/projects/<int:number>/print/", text_pages.paper, name="project-print"),
        path("<contest:contest>/team/<str:name>/", team_pages.invitation, name="team-invitation"),
        path("<contest:contest>/write/<uuid:reference>/team/", team_pages.team, name="write-team"),
        path("<contest:contest>/write/<uuid:reference>/like/", coach_pages.like, name="write-like"),
        path("<contest:contest>/write/<uuid:reference>/prices/", coach_pages.prices, name="write-prices"),
        path("<contest:contest>/coach/", coach_pages.coach, name="coach"),
        # after every other page of a draft
        path("<contest:contest>/write/<uuid:reference>/<slug:name>/", writing.step, name="write-step"),
        # support, and projects before they are published
        path("<contest:contest>/projects/<int:number>/sign/", support.sign, name="sign"),
        path("<contest:contest>/projects/<int:number>/signature/", support.signature, name="signature"),
        path(
            "<contest:contest>/projects/<int:number>/signature.json",
            support.signature_file,
            name="signature-file",
        ),
        path(
            "<contest:contest>/projects/<int:number>/signature/withdraw/",
            support.take_back,
            name="signature-withdraw",
        ),
        path("<contest:contest>/projects/<int:number>/signatories/", support.signatories, name="signatories"),
        path("<contest:contest>/projects/<int:number>/sheet/", support.sheet, name="sheet"),
        path("<contest:contest>/mine/<uuid:reference>/", mine.mine, name="mine"),
        path("office/<contest:contest>/support/", office_support.overview, name="office-support"),
        path(
            "office/<contest:contest>/support/sheets/new/", office_support.new_sheet, name="office-sheet-new"
        ),
        path(
            "office/<contest:contest>/support/sheets/<uuid:reference>/",
            office_support.sheet,
            name="office-sheet",
        ),
        path(
            "office/<contest:contest>/support/sheets/<uuid:reference>/scan/",
            office_support.scan,
            name="office-sheet-scan",
        ),
        path("office/<contest:contest>/check/", checking.queue, name="office-check"),
        path("office/<contest:contest>/check/<int:number>/", checking.check, name="office-check-project"),
        path("<contest:contest>/vote/", booth.choose, name="vote"),
        path("<contest:contest>/vote/values/", booth.values, name="values"),
        path("<contest:contest>/vote/review/", booth.review, name="review"),
        path("<contest:contest>/vote/receipt/", receipts.receipt, name="receipt"),
        path("<contest:contest>/check/", receipts.check, name="check"),
        path("<contest:contest>/record/", records.record, name="record"),
        path("<contest:contest>/record.zip", records.record_zip, name="record-zip"),
        path("<contest:contest>/record/<path:name>", records.record_part, name="record-file"),
        path("<contest:contest>/results/", results.results, name="results"),
        path(
            "<contest:contest>/results/explanation.html",
            results.explanation,
            {"kind": EXPLANATION},
            name="explanation",
        ),
        path(
            "<contest:contest>/results/comparison.html",
            results.explanation,
            {"kind": COMPARISON},
            name="comparison",
        ),
        path("<contest:contest>/results/<str:name>.json", results.result_file, name="result-file"),
        prefix_default_language=False,
    ),
]
