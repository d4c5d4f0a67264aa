"""The parts of the interface: each does what its comment says, escapes what people typed, and can be read."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

import viche
from viche.foundation import clock
from viche.foundation.colours import contrast, palette, parsed
from viche.foundation.figures import money_line_figures, pager_figures
from viche.foundation.gallery import gallery
from viche.foundation.gallery_samples import samples
from viche.foundation.parts import PartError, filled, icon_names, parse_part, part, part_names

PACKAGE = Path(viche.__file__).parent
STATIC = PACKAGE / "foundation" / "static" / "viche"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
NOON = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)


class Sample(forms.Form):
    title = forms.CharField(label="Назва", help_text="Коротко")
    begins = forms.DateField(label="Початок", required=False, widget=forms.DateInput)
    scope = forms.ChoiceField(label="Де", widget=forms.RadioSelect, choices=[("a", "Тут"), ("b", "Там")])
    consent = forms.BooleanField(label="Згода")


def drawn(name: str, /, **given: Any) -> str:
    tag = "partblock" if part(name).is_block else "part"
    arguments = " ".join(f"{key}={key}" for key in given if key != "body")
    body = f"{given['body']}{{% endpartblock %}}" if tag == "partblock" else ""
    source = f'{{% load ui %}}{{% {tag} "{name}" {arguments} %}}{body}'
    return engines["django"].from_string(source).render(given)


@pytest.fixture(autouse=True)
def _in_english_at_noon() -> Any:
    with translation.override("en"), clock.at(NOON):
        yield


# --- the contract -------------------------------------------------------------------------------------------

PHASE = {"label": "Voting", "starts_at": NOON, "ends_at": NOON, "state": "current", "note": "now"}
ROW = {"key": "large", "label": "Large", "used": 1, "limit": 3}
RESULT = {
    "rank": 1, "title": "Alley", "href": "/1", "cost": 500, "score": 7,
    "is_funded": True, "reason": "", "left_after": 100,
}  # fmt: skip

# the needed arguments of a part, and for every other argument a value that must show
CONTRACTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "allowance": ({"rows": [ROW]}, {"is_bar": True, "label": "Points"}),
    "ballot_line": (
        {"code": "14", "title": "Alley", "control": "points", "value": 3},
        {"number": "14", "cost": 900, "most": 5, "errors": ["Too many"]},
    ),
    "bars": ({"rows": [{"label": "Sport", "value": 3}], "caption": "Votes"}, {}),
    "breadcrumbs": ({"items": [("Home", "/"), ("Here", "")]}, {"label": "Way"}),
    "curve": (
        {"rows": [{"label": "1 May", "value": 3}], "caption": "Signatures"}, {"goal": 5, "goal_text": "needed"},
    ),
    "button": (
        {"text": "Vote"},
        {
            "href": "/vote", "type": "button", "name": "step", "value": "2", "kind": "danger", "icon": "vote",
            "icon_after": "arrow-right", "big": True, "form": "ballot", "disabled_reason": "Not yet",
        },
    ),
    "choice": (
        {"name": "projects", "value": "14", "title": "Alley"},
        {
            "href": "/14", "picture": "/14.webp", "place": "Podil", "cost": 900, "group": "large",
            "number": "14", "type": "radio", "is_checked": True, "is_disabled": True,
            "reason": "Another district",
        },
    ),
    "countdown": ({"until": NOON + timedelta(days=1)}, {"label": "Voting ends"}),
    "disclosure": ({"summary": "Who?", "body": "All"}, {"is_open": True}),
    "emblem": ({"name": "Kyiv"}, {"src": "/kyiv.png", "size": "l"}),
    "empty": ({"title": "Nothing"}, {"text": "Yet", "icon": "clock"}),
    "error_summary": ({"form": Sample(data={})}, {"is_focused": False}),
    "facts": ({"items": [("Author", "Olena")]}, {"is_narrow": True}),
    "field": ({"field": Sample()["title"]}, {"label": "Name", "help": "In a few words"}),
    "icon": ({"name": "vote"}, {"label": "Vote"}),
    "meter": ({"value": 3, "max": 9, "label": "Signatures"}, {"text": "a third", "kind": "success"}),
    "money": ({"amount": 1_250_000_50}, {"currency": "EUR", "short": True}),
    "money_line": (
        {"rows": [RESULT], "budget": 900},
        {"currency": "PLN", "line_label": "Here", "score_label": "points"},
    ),
    "notice": ({"body": "Text"}, {"kind": "danger", "title": "Mind"}),
    "pager": ({"page": Paginator(range(90), 10).page(2)}, {"query": "q=park"}),
    "phase_bar": ({"phases": [PHASE]}, {"label": "Calendar"}),
    "plan": (
        {"rows": [{"label": "Voting", "starts_on": NOON.date(), "ends_on": None, "text": "days", "kind": "info"}]},
        {"label": "Dates"},
    ),
    "project_card": (
        {"title": "Alley", "href": "/14", "picture": "/14.webp", "cost": 900},
        {
            "picture_alt": "Trees", "place": "Podil", "currency": "EUR", "number": "14",
            "tags": [("Large", "info")], "votes": 12, "note": "Signing", "level": 2,
            "meter": {"value": 3, "max": 5, "label": "Signatures", "text": "3 of 5", "kind": "brand"},
        },
    ),
    "receipt": (
        {"code": "7K4M", "title": "Accepted"},
        {"lines": [("When", "now")], "qr_svg": mark_safe("<svg></svg>"), "text": "Keep it"},
    ),
    "search": (
        {},
        {"name": "word", "value": "park", "label": "Word", "placeholder": "tree", "action": "/find/"},
    ),
    "stat": ({"value": "12", "label": "projects"}, {"note": "since May", "icon": "hammer"}),
    "steps": ({"items": [("Choose", "done"), ("Review", "current")]}, {}),
    "table": ({"caption": "Turnout", "body": "<tbody></tbody>"}, {"is_caption_hidden": True}),
    "tabs": ({"items": [("Text", "/", True)]}, {"label": "Project"}),
    "tag": ({"text": "New"}, {"kind": "accent", "icon": "sparkles"}),
    "timeline": ({"entries": [{"at": NOON, "title": "Submitted", "text": "Olena", "kind": "success"}]}, {}),
}  # fmt: skip
TOGETHER = {
    ("ballot_line", "currency"): {"cost": 900, "currency": "EUR"},
    ("ballot_line", "of"): {"control": "place", "of": 7},
    ("choice", "currency"): {"cost": 900, "currency": "EUR"},
    ("empty", "action_text"): {"action_text": "All", "action_href": "/all"},
    ("empty", "action_href"): {"action_text": "All", "action_href": "/all"},
    ("project_card", "picture"): {"picture": ""},
    ("project_card", "cost"): {"cost": None},
    ("curve", "goal_text"): {"goal": 5, "goal_text": "needed"},
}


@pytest.mark.parametrize("name", part_names())
def test_every_argument_in_the_comment_shows_in_the_part(name: str) -> None:
    needed, optional = CONTRACTS[name]
    plain = drawn(name, **needed)
    for argument in part(name).arguments:
        if argument.default is None:
            assert argument.name in needed
            continue
        if (name, argument.name) in TOGETHER:
            change = TOGETHER[name, argument.name]
        else:
            change = {argument.name: optional[argument.name]}
        assert drawn(name, **{**needed, **change}) != plain, argument.name


def test_every_part_stands_on_the_gallery_in_every_kind_it_has() -> None:
    shown = samples()
    assert sorted(shown) == part_names()
    for name in part_names():
        for argument in part(name).arguments:
            code = " ".join(sample.code for sample in shown[name])
            for choice in argument.choices:
                is_seen = f'{argument.name}="{choice}"' in code
                assert is_seen or argument.value == choice, f"{name} {argument.name}={choice}"


def test_the_gallery_needs_no_database_and_shows_each_part_with_its_code() -> None:
    page = gallery(RequestFactory().get("/ui/")).content.decode()
    for name in part_names():
        assert f'id="{name}"' in page
        assert f"{{% part &quot;{name}&quot;" in page or f"{{% partblock &quot;{name}&quot;" in page


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ('{% part "carousel" %}', "no part is called 'carousel'"),
        ('{% part "../base" %}', "no part is called"),
        ('{% part "tag" text="a" colour="red" %}', "no argument colour"),
        ('{% part "tag" %}', "needs text"),
        ('{% part "notice" kind="info" %}', "needs body"),
        ('{% partblock "tag" text="a" %}x{% endpartblock %}', "no argument body"),
        ("{% part tag %}", "quoted name"),
        ('{% part "tag" "a" %}', "not name=value"),
    ],
)
def test_a_page_that_uses_a_part_wrongly_does_not_compile(source: str, why: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=re.escape(why)):
        engines["django"].from_string("{% load ui %}" + source)


def test_a_value_outside_the_closed_set_is_refused_but_never_takes_a_public_page_down(settings: Any) -> None:
    settings.IS_PRODUCTION = False
    with pytest.raises(PartError, match="kind='loud' is not one of"):
        filled("tag", {"text": "a", "kind": "loud"})
    with pytest.raises(PartError, match="no icon 'unicorn'"):
        filled("icon", {"name": "unicorn"})
    settings.IS_PRODUCTION = True
    assert filled("tag", {"text": "a", "kind": "loud"})["kind"] == "loud"


def test_a_part_without_a_readable_comment_is_refused() -> None:
    with pytest.raises(PartError, match="does not begin with a comment"):
        parse_part("bare", "<p>{{ text }}</p>")
    with pytest.raises(PartError, match="cannot be read"):
        parse_part("odd", "{% comment %}\nOdd.\n\n  text:string\n{% endcomment %}")


def test_a_part_sees_its_arguments_and_nothing_of_the_page_around_it() -> None:
    source = engines["django"].from_string('{% load ui %}{% part "stat" value="1" label="a" %}')
    assert "around" not in source.render({"note": "around"})


def test_a_part_can_be_kept_in_a_variable_and_put_into_another() -> None:
    source = '{% load ui %}{% part "money" amount=500 as sum %}[{% part "stat" value=sum label="budget" %}]'
    page = engines["django"].from_string(source).render({})
    assert page.startswith("[")
    assert '<span class="stat-value"><data class="money" value="5.00">₴5</data>' in page


# --- escaping -----------------------------------------------------------------------------------------------

HOSTILE = "\"'><script>alert(1)</script><b onclick=x>"


class Injection(HTMLParser):
    """Collects what a hostile text could have added to a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag == "script" else []
        self.found += [key for key, _ in attrs if key.startswith("on") or key == "style"]


def poisoned(value: Any) -> Any:
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, dict):
        return {key: each if key in {"state", "kind"} else poisoned(each) for key, each in value.items()}
    if isinstance(value, tuple) and value[1:2] and value[1] in {"info", "done", "current"}:
        return (HOSTILE, value[1])  # a state the page chose, not a person
    if isinstance(value, list | tuple):
        return type(value)(poisoned(each) for each in value)
    if isinstance(value, forms.BoundField):
        return hostile_form()["title"]
    if isinstance(value, forms.Form):
        return hostile_form()
    return value


def hostile_form() -> forms.Form:
    form = Sample(data={"title": HOSTILE, "scope": HOSTILE})
    form.fields["title"].label = HOSTILE
    form.fields["title"].help_text = HOSTILE
    form.add_error("title", HOSTILE)
    form.add_error(None, HOSTILE)
    return form


@pytest.mark.parametrize("name", part_names())
def test_text_that_people_typed_cannot_become_markup(name: str) -> None:
    needed, optional = CONTRACTS[name]
    closed = {argument.name for argument in part(name).arguments if argument.choices}
    safe = closed | {"icon", "icon_after", "body"} | ({"name"} if name == "icon" else set())
    given = {key: value if key in safe else poisoned(value) for key, value in {**needed, **optional}.items()}
    given.pop("disabled_reason", None)
    page = drawn(name, **given)
    reader = Injection()
    reader.feed(page)
    assert reader.found == []
    if any(isinstance(value, str) and value == HOSTILE for value in given.values()):
        assert "alert(1)" in page, "the text itself is kept"


# --- what is worked out -------------------------------------------------------------------------------------


def test_the_money_line_stands_after_the_last_project_that_was_paid_for() -> None:
    def row(rank: int, cost: int, is_funded: bool) -> dict[str, Any]:
        return {**RESULT, "rank": rank, "cost": cost, "is_funded": is_funded}

    rows = [row(1, 500, True), row(2, 400, False), row(3, 300, True), row(4, 90, False)]
    figures = money_line_figures(rows=rows, budget=900, currency="UAH")
    assert [each["rank"] for each in figures["above"]] == [1, 2, 3]
    assert [each["rank"] for each in figures["below"]] == [4]
    assert (figures["spent"], figures["left"]) == (800, 100)
    nothing = money_line_figures(rows=[row(1, 999, False)], budget=900, currency="UAH")
    assert (nothing["above"], nothing["spent"]) == ([], 0)


def test_the_pager_keeps_the_rest_of_the_address() -> None:
    figures = pager_figures(page=Paginator(range(100), 10).page(5), query="q=park&size=small")
    assert figures["before"] == "?q=park&size=small&page=4"
    assert [link["text"] for link in figures["links"]] == ["1", "…", "4", "5", "6", "…", "10"]
    assert drawn("pager", page=Paginator(range(3), 10).page(1)) == ""


def test_a_countdown_is_written_in_words_and_says_when_time_is_up() -> None:
    page = drawn("countdown", until=NOON + timedelta(days=3, hours=4, minutes=5), label="Voting ends")
    assert "3 days 4 hours" in page
    assert 'datetime="2026-05-17T' in page
    over = drawn("countdown", until=NOON - timedelta(seconds=1))
    assert "time is up" in over
    assert "data-countdown" not in over
    with translation.override("uk"):
        assert "3 дні 4 години" in drawn("countdown", until=NOON + timedelta(days=3, hours=4))


def test_an_allowance_says_what_is_left_and_when_too_much_is_chosen() -> None:
    assert "<b data-left>2</b> of 3 left" in drawn("allowance", rows=[ROW])
    over = drawn("allowance", rows=[{**ROW, "used": 4}])
    assert "is-over" in over
    assert "<b data-left>0</b>" in over
    many = drawn("allowance", rows=[{**ROW, "used": 45, "limit": 100}])
    assert '<rect class="gauge-fill" width="450"' in many


def test_the_longest_bar_fills_its_space_and_a_small_one_is_never_nothing() -> None:
    rows = [{"label": "a", "value": 200_000}, {"label": "b", "value": 100_000}, {"label": "c", "value": 1}]
    widths = re.findall(
        r'<rect width="(\d+)"', drawn("bars", rows=[*rows, {"label": "d", "value": 0}], caption="x")
    )
    assert widths == ["1000", "500", "1", "0"]


def test_a_field_ties_label_help_and_error_to_its_control() -> None:
    page = drawn("field", field=Sample(data={})["title"])
    assert 'for="id_title"' in page
    assert 'aria-describedby="id_title-help id_title-error"' in page
    assert 'id="id_title-help"' in page
    assert 'id="id_title-error"' in page
    assert 'aria-invalid="true"' in page
    assert page.count("aria-describedby") == 1
    group = drawn("field", field=Sample(data={})["scope"])
    assert "<fieldset" in group
    assert group.count('type="radio"') == 2
    assert "(optional)" in drawn("field", field=Sample()["begins"])


def test_a_date_is_asked_for_with_the_browsers_own_picker_and_kept_as_it_was_given() -> None:
    page = drawn("field", field=Sample(initial={"begins": NOON.date()})["begins"])
    assert page.count("type=") == 1
    assert 'type="date"' in page
    assert 'value="2026-05-14"' in page


def test_the_error_summary_leads_to_each_wrong_field_by_name() -> None:
    page = drawn("error_summary", form=Sample(data={"title": "x"}))
    assert '<a href="#id_scope_0">Де: ' in page
    assert '<a href="#id_consent">Згода: ' in page
    assert "id_title" not in page
    assert drawn("error_summary", form=Sample()) == ""


@pytest.mark.parametrize("template", ["403.html", "404.html", "500.html", "ui/message_page.html"])
def test_pages_for_what_went_wrong_need_nothing_from_the_request(template: str) -> None:
    page = render_to_string(template, {"title": "No", "actions": [("Home", "/")]})
    assert "<h1>" in page
    assert 'href="/"' in page


# --- what the browser is given ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_template_carries_inline_style_or_script(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style\b", source)
    assert not re.search(r"\son[a-z]+\s*=|javascript:|hx-on|hx-vals\s*=\s*.js:", source)
    for tag in re.findall(r"<script\b[^>]*>", source):
        assert " src=" in tag


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    named = set()
    for path in TEMPLATES:
        source = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'{% part "icon" name="([^"]+)"', source))
        named |= set(re.findall(r'\bicon(?:_after)?="([^"]+)"', source))
    assert "check" in named
    assert named <= icon_names()


def test_the_own_styles_and_script_stay_small() -> None:
    sheets = {path.name: path.stat().st_size for path in (STATIC / "css").glob("*.css")}
    # a citizen's page loads neither the officials' sheet nor the gallery's nor that of public screens
    sizes = {name: sheets.pop(name) for name in ("office.css", "gallery.css", "stand.css")}
    assert sum(sheets.values()) < 77_000
    assert max(sizes.values()) < 20_000
    assert (STATIC / "viche.js").stat().st_size < 4_096
    assert (STATIC / "stand.js").stat().st_size < 4_096


def test_every_file_the_styles_name_is_there() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        for address in re.findall(r"url\(([^)]+)\)", sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / address).resolve().is_file(), f"{sheet.name}: {address}"


def test_the_font_has_every_ukrainian_letter_and_the_hryvnia() -> None:
    ranges = re.findall(
        r"unicode-range: ([^;]+);", (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    )
    covered = set()
    for each in ", ".join(ranges).split(", "):
        first, _, last = each.removeprefix("U+").partition("-")
        covered |= set(range(int(first, 16), int(last or first, 16) + 1))
    assert {ord(letter) for letter in "ҐґЄєІіЇїЩщʼ’«»—№₴"} <= covered


# --- colours ------------------------------------------------------------------------------------------------


def tokens(block: str) -> dict[str, str]:
    found = re.findall(r"--([a-z-]+): (?:var\(--[a-z-]+, )?(#[0-9a-f]{6})\)?;", block)
    return dict(found)


def themes() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    sheet = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    light = sheet.partition(":root {")[2].partition("\n}")[0]
    by_device = sheet.partition(':root:not([data-theme="light"]) {')[2].partition("\n  }")[0]
    by_person = sheet.partition(':root[data-theme="dark"] {')[2].partition("\n  }")[0]
    return tokens(light), tokens(by_device), tokens(by_person)


GROUNDS = ("paper", "surface", "sunken")
STATES = ("info", "success", "warning", "danger")
TEXT_PAIRS = (
    [
        (ink, ground)
        for ink in ("ink", "ink-soft", "brand", "brand-strong")
        for ground in (*GROUNDS, "brand-tint")
    ]
    + [(state, ground) for state in STATES for ground in (*GROUNDS, f"{state}-tint")]
    + [("ink", f"{state}-tint") for state in STATES]
    + [("accent-text", ground) for ground in (*GROUNDS, "accent-tint")]
    + [("on-brand", "brand"), ("on-brand", "brand-strong"), ("on-accent", "accent"), ("on-danger", "danger")]
    + [("on-deep", "deep"), ("on-deep-soft", "deep"), ("ink", "accent-tint"), ("warning", "sunken")]
)
CONTROL_PAIRS = [(mark, ground) for mark in ("edge", "focus", "brand") for ground in GROUNDS] + [
    ("accent", "deep")
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_and_controls_have_the_contrast_of_wcag_aa(theme: str) -> None:
    light, dark, _ = themes()
    colours = light if theme == "light" else {**light, **dark}
    for ink, ground in TEXT_PAIRS:
        assert contrast(parsed(colours[ink]), parsed(colours[ground])) * 2 >= 9, f"{ink} on {ground}"
    for mark, ground in CONTROL_PAIRS:
        assert contrast(parsed(colours[mark]), parsed(colours[ground])) >= 3, f"{mark} on {ground}"


def test_the_dark_theme_is_the_same_whoever_chose_it() -> None:
    _, by_device, by_person = themes()
    assert by_device == by_person
    assert len(by_device) > 20


def test_contrast_is_what_wcag_defines() -> None:
    assert contrast(parsed("#000000"), parsed("#ffffff")) == 21
    assert str(contrast(parsed("#777777"), parsed("#ffffff")))[:4] == "4.47"


@pytest.mark.parametrize(
    "colour",
    ["#000000", "#ffffff", "#ffdd00", "#0057b8", "#8a1538", "#00ff00", "#ff0000", "#7f7f7f", "#e0f0ff"],
)
def test_any_colour_a_community_chooses_becomes_readable_in_both_themes(colour: str) -> None:
    own = palette(colour)
    light, dark, _ = themes()
    names = ("brand", "brand-strong", "brand-tint", "on-brand", "deep")
    for colours in (
        {**light, **{name: own[name] for name in names}},
        {**light, **dark, **{name: own[f"{name}-dark"] for name in names}},
    ):
        for ink, ground in TEXT_PAIRS:
            if {ink, ground} & set(names):
                assert contrast(parsed(colours[ink]), parsed(colours[ground])) * 2 >= 9, f"{ink} on {ground}"


def test_what_is_no_colour_is_refused() -> None:
    for text in ("red", "#fff", "#12345g", "#123456; }"):
        with pytest.raises(ValueError, match="#rrggbb"):
            palette(text)
