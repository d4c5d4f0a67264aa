"""Whatever a browser sends of a section: faults are said in words, or the document made of it parses and reads."""

from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.office.test_rules_editor import PRESETS, open_section, sent

from rulebook.presets import preset
from rulebook.regulation import text
from rulebook.rules import parse, problems
from viche.contests.actions import parsed_rules
from viche.contests.places import problem_in_words
from viche.foundation.refused import Refused
from viche.office.rules_editor.sections import SECTIONS

TYPED = st.sampled_from(
    ["", "0", "-1", "1", "2", "on", "9" * 20, "9" * 5000, "٣", "1e5", "12,5", "100", "100,01", "\x00", "*", "x" * 501,
     "ї" * 3000, "2026-02-30", "2026-02-03", "approval", "points", "plus-minus", "choose-1", "greedy-v1",
     "equal-shares-v1", "phragmen-v1", "max-satisfaction-v1", "cstv-v1", "lot", "refuse", "working", "online", "isei",
     "registered", "date", "UA53000000000000000", "../../x", "a/b", "~1", "<script>"]
)  # fmt: skip


@pytest.mark.parametrize("name", SECTIONS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_is_sent_of_a_section_is_answered_in_words(name: str, data: Any) -> None:
    document = preset(data.draw(st.sampled_from(PRESETS))).document()
    form = sent(open_section(name, document))
    for _number in range(data.draw(st.integers(1, 8))):
        key = data.draw(st.sampled_from([*sorted(form), "add"]))
        if data.draw(st.booleans()):
            form.pop(key, None)
        else:
            form.setlist(key, data.draw(st.lists(TYPED, min_size=1, max_size=3)))
    page = open_section(name, document, form)
    if not page.is_valid():
        assert page.errors
        assert all(message.strip() for _field, message in page.errors)
        return
    try:
        rules = parsed_rules(page.changed())
    except Refused as refused:
        said = [(path, str(line)) for path, lines in refused.fields.items() for line in lines]
    else:
        said = []
    if said:
        assert all(line.strip() for _path, line in said)
        page.show_problems(said, as_errors=True)
        assert page.errors or page.general
        return
    for problem in problems(rules):
        assert problem_in_words(problem, rules)
    with override("uk"):
        assert text(rules, "uk").sections
    again = rules.as_document()
    for other in SECTIONS:
        assert open_section(other, again).blocks
    assert parse(again).digest == rules.digest
