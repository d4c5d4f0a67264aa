import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import sync_playwright
from tests import given
from tests.connectors.won import DAY, begin, winner
from tests.surfaces.ground import browser, prefix
from tests.connectors.test_treasury import FIRST, SECOND, STRANGER, CODES, bring, in_work
from tests.connectors.test_outgoing_documents import registry
from viche.connectors.documents import actions as documents
from viche.connectors.documents.models import Dispatch, Kind
from viche.connectors.treasury import actions
from viche.foundation import clock
from viche.identity.models import Person
from axe_playwright_python.sync_playwright import Axe

def test_pictures(live_server, settings, tmp_path):
    import os
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    settings.PRIVATE_ROOT = tmp_path
    project, by = in_work()
    contest = project.contest
    body = contest.community
    registry(contest, makes=[], since=given.day(0))
    with clock.at(DAY):
        documents.make_documents(contest=contest, kinds=list(Kind.values), by=by)
        actions.save_line(contest=contest, category="parks", by=by, **CODES)
        first = bring(body, by, FIRST, STRANGER, "5;x;1;;;;")
        actions.record_statement(statement=first, by=by)
        second = bring(body, by, FIRST, SECOND, "81;13.05.2026;12,5;;ТОВ;папір;", "6;01.01.2030;1;;;;")
        one = Dispatch.objects.first()
        documents.record_number(document=one, number="02-10/7", day=DAY.date(), by=by)
    client = browser(Person.objects.get(pk=by.person_id), at=clock.now())
    cookie = client.cookies["sessionid"] if "sessionid" in client.cookies else next(iter(client.cookies.values()))
    base = live_server.url + prefix(body)
    pages = {
        "documents": "office/systems/documents/", "document": f"office/systems/documents/{one.pk}/",
        "settings": "office/systems/documents/settings/", "treasury": "office/systems/treasury/",
        "statement": f"office/systems/treasury/statements/{second.pk}/", "faults": f"office/systems/treasury/statements/{second.pk}/?part=faults",
        "plan": "office/systems/treasury/2026/", "project": "2026/projects/1/",
    }
    axe = Axe()
    with sync_playwright() as p:
        chrome = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width in (1280, 360):
            context = chrome.new_context(viewport={"width": width, "height": 900}, locale="uk")
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
            page = context.new_page()
            for name, path in pages.items():
                answer = page.goto(base + path)
                page.screenshot(path=f"/tmp/9-flows-{name}-{width}.png", full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                found = [v["id"] + str(v["nodes"][0]["target"]) for v in axe.run(page).response["violations"]]
                print(name, width, answer.status, "WIDE" if wide else "", found)
        chrome.close()
