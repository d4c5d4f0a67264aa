"""Sample data of the /ui/ page: invented, in Ukrainian, in every kind and state of every part.

A sample's code is what the page shows and what it draws, so it cannot go stale.
"""

# ruff: noqa: E501  the code of a sample is one line, as a page has it

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import segno
from django import forms
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils.safestring import mark_safe

from viche.foundation import clock


@dataclass(frozen=True)
class Sample:
    """code: template code after {% load ui %}. data: what its variables are. wide: takes the whole row."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)
    is_wide: bool = False


def plan_rows() -> list[dict[str, Any]]:
    """Phases and the dates that follow, of an invented contest."""
    first = clock.now().date()
    stretches = [
        ("Подання проєктів", 0, 30, "brand", False, ""),
        ("Розгляд", 31, 75, "brand", False, ""),
        ("Перевірка за формою", 31, 44, "info", True, "10 робочих днів"),
        ("Голосування", 80, 100, "accent", False, ""),
        ("Реалізація", 120, None, "success", False, ""),
    ]
    return [
        {
            "label": label, "starts_on": first + timedelta(days=start), "kind": kind, "is_minor": is_minor, "text": text,
            "ends_on": first + timedelta(days=end) if end is not None else None,
        }
        for label, start, end, kind, is_minor, text in stretches
    ]  # fmt: skip


class ProposalForm(forms.Form):
    title = forms.CharField(
        label="Назва проєкту", max_length=120, help_text="Коротко і зрозуміло: що саме з’явиться в громаді."
    )
    summary = forms.CharField(
        label="Опис", widget=forms.Textarea, help_text="Яку проблему це вирішує і хто матиме користь."
    )
    cost = forms.IntegerField(
        label="Орієнтовна вартість, ₴", min_value=1, help_text="Від 50 000 до 1 500 000 ₴."
    )
    kind = forms.ChoiceField(
        label="Тип проєкту",
        choices=[("", "Оберіть тип"), ("small", "Малий"), ("large", "Великий"), ("school", "Шкільний")],
    )
    starts_on = forms.DateField(label="Бажаний початок робіт", required=False, widget=forms.DateInput)
    scope = forms.ChoiceField(
        label="Де діятиме проєкт",
        widget=forms.RadioSelect,
        choices=[("street", "На одній вулиці"), ("district", "В одному районі"), ("city", "У всьому місті")],
    )
    topics = forms.MultipleChoiceField(
        label="Теми",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("green", "Довкілля"), ("sport", "Спорт"), ("culture", "Культура і спадщина")],
    )
    estimate = forms.FileField(label="Кошторис", required=False, help_text="PDF або XLSX, до 5 МБ.")
    consent = forms.BooleanField(label="Погоджуюся на оприлюднення мого імені як автора проєкту")


def proposal_form() -> ProposalForm:
    return ProposalForm()


def wrong_proposal_form() -> ProposalForm:
    return ProposalForm(data={"title": "", "summary": "Двір без тіні", "cost": "-5", "scope": "planet"})


def phases() -> list[dict[str, Any]]:
    today = clock.now()
    plan = [
        ("Подання проєктів", -70, -41, "past", ""),
        ("Перевірка", -40, -11, "past", ""),
        ("Голосування", -10, 3, "current", "Триває зараз"),
        ("Підрахунок", 4, 6, "future", ""),
        ("Втілення", 30, 300, "future", ""),
    ]
    return [
        {
            "label": label,
            "starts_at": today + timedelta(days=begin),
            "ends_at": today + timedelta(days=end),
            "state": state,
            "note": note,
        }
        for label, begin, end, state, note in plan
    ]


def history() -> list[dict[str, Any]]:
    today = clock.now()
    return [
        {
            "at": today - timedelta(days=62),
            "title": "Проєкт подано",
            "text": "Авторка: Олена Коваленко",
            "kind": "",
        },
        {"at": today - timedelta(days=50), "title": "Зібрано 50 підписів", "text": "", "kind": "success"},
        {
            "at": today - timedelta(days=33),
            "title": "Повернуто на доопрацювання",
            "text": "Департамент просить уточнити, хто доглядатиме за деревами.",
            "kind": "warning",
            "href": "#timeline",
        },
        {"at": today - timedelta(days=12), "title": "Допущено до голосування", "text": "", "kind": "success"},
    ]


def results() -> list[dict[str, Any]]:
    rows = [
        (1, "Тіниста алея вздовж набережної", 98_000_000, 4_812, True, "", 152_000_000),
        (2, "Майстерня для підлітків у старій котельні", 87_450_000, 4_106, True, "", 64_550_000),
        (
            3,
            "Дах і сонячні панелі для ліцею № 7",
            90_000_000,
            3_990,
            False,
            "Не вмістився: бракувало 254 500 ₴",
            None,
        ),
        (4, "Читальня просто неба", 41_000_000, 3_377, True, "", 23_550_000),
        (5, "Скейтпарк біля вокзалу", 60_000_000, 2_954, False, "Не вмістився: бракувало 364 500 ₴", None),
        (6, "Фонтанчики з питною водою", 25_000_000, 2_411, False, "Не вмістився: бракувало 14 500 ₴", None),
    ]
    keys = ("rank", "title", "cost", "score", "is_funded", "reason", "left_after")
    return [{**dict(zip(keys, row, strict=True)), "href": "#money_line"} for row in rows]


def qr_code() -> str:
    code = segno.make("https://viche.example/check/7K4M-92XD-PQ5R", error="m")
    return mark_safe(code.svg_inline(border=0, omitsize=True))  # noqa: S308  drawn by segno from our own text


def page_seven() -> Any:
    return Paginator(range(240), 12).page(7)


def samples() -> dict[str, list[Sample]]:
    """Samples of every part, by its name. Built at each call: moments are relative to now."""
    picture = static("viche/img/sample.svg")
    form, wrong = proposal_form(), wrong_proposal_form()
    soon, later, past = (clock.now() + timedelta(hours=hours) for hours in (76, 3, -5))
    text = '<p>Голосування триває до <b>29 жовтня</b>. <a href="#notice">Хто може голосувати</a></p>'
    return {
        "button": [
            Sample('{% part "button" text="Проголосувати" href="#button" icon="vote" big=True %}'),
            Sample('{% part "button" text="Зберегти чернетку" kind="secondary" icon="file-text" %}'),
            Sample('{% part "button" text="Скасувати" kind="quiet" type="button" %}'),
            Sample('{% part "button" text="Відкликати проєкт" kind="danger" icon="trash-2" %}'),
            Sample('{% part "button" text="Далі" icon_after="arrow-right" name="step" value="2" %}'),
            Sample(
                '{% part "button" text="Подати проєкт" disabled_reason="Подання відкриється 1 березня о 9:00." %}'
            ),
        ],
        "icon": [
            Sample('{% part "icon" name="map-pin" %} {% part "icon" name="trees" label="Довкілля" %}'),
        ],
        "notice": [
            Sample(
                '{% partblock "notice" title="Ще п’ять днів" %}' + text + "{% endpartblock %}", is_wide=True
            ),
            Sample(
                '{% partblock "notice" kind="success" title="Ваш голос прийнято" %}'
                "<p>Збережіть квитанцію: за нею можна перевірити підрахунок.</p>{% endpartblock %}",
                is_wide=True,
            ),
            Sample(
                '{% partblock "notice" kind="warning" %}<p>Через 10 хвилин сеанс завершиться.</p>{% endpartblock %}',
                is_wide=True,
            ),
            Sample(
                '{% partblock "notice" kind="danger" title="Не вдалося подати" %}'
                "<p>Виправте позначені поля.</p>{% endpartblock %}",
                is_wide=True,
            ),
        ],
        "tag": [
            Sample(
                '{% part "tag" text="Малий" %} {% part "tag" text="Новий" kind="accent" icon="sparkles" %}'
            ),
            Sample(
                '{% part "tag" text="На перевірці" kind="info" icon="eye" %} '
                '{% part "tag" text="Втілено" kind="success" icon="check" %}'
            ),
            Sample(
                '{% part "tag" text="Потребує уточнення" kind="warning" %} '
                '{% part "tag" text="Відхилено" kind="danger" icon="x" %}'
            ),
        ],
        "money": [
            Sample('{% part "money" amount=125000050 %}'),
            Sample('{% part "money" amount=125000050 short=True %}'),
            Sample(
                '{% part "money" amount=38500000 short=True %} · {% part "money" amount=310000000 currency="PLN" %}'
            ),
        ],
        "phase_bar": [Sample('{% part "phase_bar" phases=phases %}', {"phases": phases()}, is_wide=True)],
        "plan": [
            Sample(
                '{% part "plan" rows=plan label="Календар конкурсу" %}', {"plan": plan_rows()}, is_wide=True
            )
        ],
        "countdown": [
            Sample('{% part "countdown" until=soon label="До кінця голосування" %}', {"soon": soon}),
            Sample('{% part "countdown" until=later %}', {"later": later}),
            Sample('{% part "countdown" until=past label="Подання" %}', {"past": past}),
        ],
        "project_card": [
            Sample(
                '{% part "project_card" title="Тіниста алея вздовж набережної" href="#project_card" picture=picture '
                'place="Набережна, Поділ" cost=98000000 number="14" tags=tags votes=4812 %}',
                {"picture": picture, "tags": [("Великий", "neutral"), ("Перемога", "success")]},
            ),
            Sample(
                '{% part "project_card" title="Читальня просто неба: сто книжок, десять лав і дах від дощу" '
                'href="#project_card" place="Парк «Юність»" cost=41000000 tags=tags note="Збирає підписи до 14 травня" %}',
                {"tags": [("Малий", "neutral"), ("Збирає підписи", "info")]},
            ),
            Sample(
                '{% part "project_card" title="Скейтпарк" href="#project_card" picture=picture cost=60000000 '
                'currency="UAH" number="31" level=3 picture_alt="Намальований парк" %}',
                {"picture": picture},
            ),
        ],
        "curve": [
            Sample(
                '{% part "curve" rows=rows caption="Підписи за днями" goal=50 goal_text="потрібно" %}',
                {
                    "rows": [
                        {"label": "1 травня", "value": 4},
                        {"label": "2 травня", "value": 17},
                        {"label": "3 травня", "value": 0},
                        {"label": "4 травня", "value": 21},
                    ]
                },
            ),
        ],
        "choice": [
            Sample(
                '{% part "choice" name="projects" value="14" title="Тіниста алея вздовж набережної" href="#choice" '
                'picture=picture place="Поділ" cost=98000000 group="large" number="14" is_checked=True %}',
                {"picture": picture},
                is_wide=True,
            ),
            Sample(
                '{% part "choice" name="projects" value="22" title="Читальня просто неба" href="#choice" '
                'place="Парк «Юність»" cost=41000000 group="small" %}',
                is_wide=True,
            ),
            Sample(
                '{% part "choice" name="projects" value="31" title="Скейтпарк" cost=60000000 group="large" '
                'is_disabled=True reason="Цей проєкт діє лише в Солом’янському районі." %}',
                is_wide=True,
            ),
            Sample(
                '{% part "choice" name="one" value="9" title="Лише один на вибір" type="radio" group="one" %}'
            ),
        ],
        "allowance": [
            Sample(
                '{% part "allowance" rows=rows %}',
                {
                    "rows": [
                        {"key": "large", "label": "Великі проєкти", "used": 1, "limit": 3},
                        {"key": "small", "label": "Малі проєкти", "used": 0, "limit": 5},
                    ]
                },
            ),
            Sample(
                '{% part "allowance" rows=rows label="Бали" %}',
                {
                    "rows": [
                        {"key": "points", "label": "Бали", "used": 45, "limit": 100},
                        {"key": "over", "label": "Шкільні проєкти", "used": 3, "limit": 2},
                        {
                            "key": "cost",
                            "label": "Вартість разом",
                            "used": 98000000,
                            "limit": 100000000,
                            "left": "20 000 ₴",
                            "whole": "1 000 000 ₴",
                            "currency": "UAH",
                        },
                    ]
                },
            ),
        ],
        "ballot_line": [
            Sample(
                '{% part "ballot_line" code="14" title="Тіниста алея вздовж набережної" control="points" value="6" '
                'number="14" cost=98000000 most=5 errors=errors %}',
                {"errors": ["Одному проєкту можна дати не більше 5 балів."]},
                is_wide=True,
            ),
            Sample(
                '{% part "ballot_line" code="22" title="Читальня просто неба" control="place" value=2 of=3 %}',
                is_wide=True,
            ),
            Sample(
                '{% part "ballot_line" code="31" title="Скейтпарк" control="stand" value=-1 number="31" %}',
                is_wide=True,
            ),
        ],
        "stat": [
            Sample('{% part "stat" value="38 903" label="людей проголосувало" icon="users-round" %}'),
            Sample(
                '{% part "money" amount=1250000000 short=True as sum %}'
                '{% part "stat" value=sum label="бюджет року" note="на 2 млн ₴ більше, ніж торік" %}'
            ),
            Sample('{% part "stat" value="142" label="проєкти втілено" icon="hammer" %}'),
        ],
        "meter": [
            Sample('{% part "meter" value=38 max=50 label="Підписи" %}'),
            Sample('{% part "meter" value=50 max=50 label="Підписи" kind="success" text="зібрано всі 50" %}'),
            Sample('{% part "meter" value=4 max=50 label="Підписи" kind="warning" %}'),
            Sample(
                '{% part "meter" value=82 max=100 label="Використано коштів" kind="accent" text="82 %" %}'
            ),
            Sample('{% part "meter" value=97 max=90 label="День перевірки" kind="danger" %}'),
            Sample('{% part "meter" value=640 max=1200 label="Паперові бюлетені введено" kind="info" %}'),
        ],
        "timeline": [Sample('{% part "timeline" entries=entries %}', {"entries": history()}, is_wide=True)],
        "facts": [
            Sample(
                '{% part "facts" items=items %}',
                {"items": [("Автор", "Олена Коваленко"), ("Район", "Подільський"), ("Термін", "8 місяців")]},
                is_wide=True,
            ),
            Sample(
                '{% part "facts" items=items is_narrow=True %}',
                {"items": [("Номер", "14"), ("Тип", "Великий")]},
            ),
        ],
        "table": [
            Sample(
                '{% partblock "table" caption="Явка за районами" %}<thead><tr><th scope="col">Район</th>'
                '<th scope="col" class="is-number">Голосів</th><th scope="col" class="is-number">Онлайн</th>'
                '<th scope="col" class="is-number">На папері</th></tr></thead><tbody>'
                '<tr><th scope="row">Подільський</th><td class="is-number">12 480</td>'
                '<td class="is-number">11 902</td><td class="is-number">578</td></tr>'
                '<tr><th scope="row">Шевченківський</th><td class="is-number">9 215</td>'
                '<td class="is-number">8 870</td><td class="is-number">345</td></tr>'
                '<tr class="is-total"><th scope="row">Разом</th><td class="is-number">21 695</td>'
                '<td class="is-number">20 772</td><td class="is-number">923</td></tr></tbody>{% endpartblock %}',
                is_wide=True,
            ),
        ],
        "pager": [
            Sample('{% part "pager" page=page query="q=парк" %}', {"page": page_seven()}, is_wide=True),
        ],
        "breadcrumbs": [
            Sample(
                '{% part "breadcrumbs" items=items label="Приклад" %}',
                {"items": [("Київ", "#"), ("Бюджет 2026", "#"), ("Тіниста алея", "")]},
                is_wide=True,
            ),
        ],
        "steps": [
            Sample(
                '{% part "steps" items=items %}',
                {"items": [("Вибір", "done"), ("Перевірка", "current"), ("Квитанція", "todo")]},
                is_wide=True,
            ),
        ],
        "empty": [
            Sample(
                '{% part "empty" title="Нічого не знайдено" text="Спробуйте інше слово або зніміть фільтри." '
                'icon="search" action_text="Показати всі проєкти" action_href="#empty" %}',
                is_wide=True,
            ),
        ],
        "search": [
            Sample(
                '{% part "search" name="q" label="Знайти свою громаду" placeholder="Наприклад, Лубни" '
                'action="" value="" %}',
                is_wide=True,
            ),
        ],
        "disclosure": [
            Sample(
                '{% partblock "disclosure" summary="Хто може голосувати?" is_open=True %}<p>Кожен, кому виповнилося '
                "16 років і хто мешкає в громаді.</p>{% endpartblock %}"
                '{% partblock "disclosure" summary="Чи таємне голосування?" %}<p>Так.</p>{% endpartblock %}',
                is_wide=True,
            ),
        ],
        "tabs": [
            Sample(
                '{% part "tabs" items=items label="Розділи проєкту" %}',
                {
                    "items": [
                        ("Опис", "#tabs", True),
                        ("Історія", "#tabs", False),
                        ("Обговорення", "#tabs", False),
                    ]
                },
                is_wide=True,
            ),
        ],
        "receipt": [
            Sample(
                '{% part "receipt" code="7K4M-92XD-PQ5R" title="Ваш голос прийнято" lines=lines qr_svg=qr '
                'text="За цим кодом ви побачите свій бюлетень у переліку підрахованих." %}',
                {
                    "qr": qr_code(),
                    "lines": [
                        ("Конкурс", "Громадський бюджет Києва, 2026"),
                        ("Час", "24 жовтня 2026, 18:42"),
                    ],
                },
                is_wide=True,
            ),
        ],
        "emblem": [
            Sample(
                '{% part "emblem" name="Київ" size="s" %} {% part "emblem" name="Ґорґани" %} '
                '{% part "emblem" name="Їжакова громада" size="l" %} {% part "emblem" name="Громада" src=picture %}',
                {"picture": static("viche/img/mark.svg")},
            ),
        ],
        "bars": [
            Sample(
                '{% part "bars" caption="Голоси за темами" rows=rows %}',
                {
                    "rows": [
                        {"label": "Довкілля і зелені зони", "value": 18_422},
                        {"label": "Освіта", "value": 12_077, "kind": "success"},
                        {"label": "Спорт", "value": 7_640, "kind": "accent"},
                        {"label": "Безпека", "value": 310, "text": "310 (нова тема)", "kind": "info"},
                    ]
                },
                is_wide=True,
            ),
        ],
        "money_line": [
            Sample(
                '{% part "money_line" rows=rows budget=250000000 line_label="Тут закінчилися гроші" %}',
                {"rows": results()},
                is_wide=True,
            ),
        ],
        "field": [
            Sample('{% part "field" field=form.title %}', {"form": form}),
            Sample(
                '{% part "field" field=form.summary label="Про що проєкт" help="До тисячі знаків." %}',
                {"form": form},
            ),
            Sample('{% part "field" field=form.cost %}', {"form": form}),
            Sample('{% part "field" field=form.kind %}', {"form": form}),
            Sample('{% part "field" field=form.starts_on %}', {"form": form}),
            Sample('{% part "field" field=form.scope %}', {"form": form}),
            Sample('{% part "field" field=form.topics %}', {"form": form}),
            Sample('{% part "field" field=form.estimate %}', {"form": form}),
            Sample('{% part "field" field=form.consent %}', {"form": form}),
        ],
        "error_summary": [
            Sample('{% part "error_summary" form=wrong is_focused=False %}', {"wrong": wrong}, is_wide=True),
            *[
                Sample(f'{{% part "field" field=wrong.{name} %}}', {"wrong": wrong})
                for name in ("title", "cost", "kind", "scope", "consent")
            ],
        ],
    }
