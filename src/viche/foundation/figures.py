"""What some parts work out from their arguments before they are drawn: lengths of bars, words for moments,
the attributes of a form field. Integers only; a bar is drawn on a scale of a thousand steps."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Page
from django.utils.translation import gettext

from viche.foundation import clock
from viche.foundation.money import machine_money, money_text
from viche.foundation.numbers import grouped, share_of, time_left

SCALE = 1000

KIND_ICONS = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "circle-alert",
}


def money_figures(*, amount: int, currency: str, short: bool) -> dict[str, Any]:
    return {
        "text": money_text(amount, currency, short=short),
        "exact": money_text(amount, currency),
        "machine": machine_money(amount),
    }


def notice_figures(*, kind: str, **_: Any) -> dict[str, Any]:
    return {"icon": KIND_ICONS.get(kind, "info"), "role": "alert" if kind == "danger" else None}


def countdown_figures(*, until: datetime, **_: Any) -> dict[str, Any]:
    return {"left": time_left(until, clock.now())}


def meter_figures(*, value: int, max: int, **_: Any) -> dict[str, Any]:
    return {"length": str(share_of(value, max, SCALE)), "is_full": value >= max, "scale": str(SCALE)}


def allowance_figures(*, rows: Sequence[Mapping[str, Any]], **_: Any) -> dict[str, Any]:
    """Few choices are drawn as one mark each, many (points, say) as a bar."""
    drawn = []
    for row in rows:
        used, limit = row["used"], row["limit"]
        drawn.append(
            {
                "key": row["key"],
                "label": row["label"],
                "used": str(used),
                "limit": str(limit),
                "left": row.get("left") or str(max(0, limit - used)),
                "whole": row.get("whole") or str(limit),
                "currency": row.get("currency", ""),
                "is_quiet": row.get("is_quiet", False),
                "is_over": used > limit,
                "pips": [place < used for place in range(limit)] if limit <= 20 else [],
                "length": str(share_of(used, limit, SCALE)),
            }
        )
    return {"rows": drawn, "scale": str(SCALE)}


def bars_figures(*, rows: Sequence[Mapping[str, Any]], **_: Any) -> dict[str, Any]:
    longest = max((row["value"] for row in rows), default=0)
    drawn = [
        {
            "label": row["label"],
            "text": row.get("text") or grouped(row["value"]),
            "kind": row.get("kind") or "brand",
            "length": str(share_of(row["value"], longest, SCALE)),
        }
        for row in rows
    ]
    return {"rows": drawn, "scale": str(SCALE)}


def curve_figures(*, rows: Sequence[Mapping[str, Any]], goal: int, **_: Any) -> dict[str, Any]:
    """The growing sum as a line from left to right, on a height of 300; one day alone is a level line."""
    height, together, sums = 300, 0, []
    for row in rows:
        together += row["value"]
        sums.append(together)
    top = max(together, goal, 1)
    steps = max(len(sums) - 1, 1)
    heights = [height - share_of(total, top, height - 6) for total in sums]
    points = [(share_of(place, steps, SCALE), y) for place, y in enumerate(heights)]
    if len(points) == 1:
        points.append((SCALE, points[0][1]))
    line = " ".join(f"{x},{y}" for x, y in points)
    return {
        "line": line,
        "area": f"0,{height} {line} {SCALE},{height}" if points else "",
        "goal_y": str(height - share_of(goal, top, height - 6)) if goal else "",
        "scale": str(SCALE),
        "drawn": [
            {"label": row["label"], "added": grouped(row["value"]), "together": grouped(total)}
            for row, total in zip(rows, sums, strict=True)
        ],
    }


def money_line_figures(
    *, rows: Sequence[Mapping[str, Any]], budget: int, currency: str, **_: Any
) -> dict[str, Any]:
    """The line stands after the last funded project: nothing below it was paid for."""
    spent = sum(_gets(row) for row in rows if row["is_funded"])
    last = max((place for place, row in enumerate(rows) if row["is_funded"]), default=-1)
    drawn = []
    for row in rows:
        score = row.get("score")
        left_after = row.get("left_after")
        drawn.append(
            {
                **{key: row.get(key) for key in ("rank", "title", "href", "is_funded", "reason", "cost")},
                "score": grouped(score) if isinstance(score, int) else score,
                "amount": _gets(row) if row["is_funded"] and _gets(row) < row["cost"] else None,
                "left_after": left_after,
                "has_left": left_after is not None,
            }
        )
    return {
        "above": drawn[: last + 1],
        "below": drawn[last + 1 :],
        "spent": spent,
        "left": budget - spent,
        "is_all_funded": bool(rows) and all(row["is_funded"] for row in rows),
    }


def _gets(row: Mapping[str, Any]) -> int:
    """What a funded project gets: a part of its cost where the row says so."""
    amount = row.get("amount")
    return int(row["cost"] if amount is None else amount)


def pager_figures(*, page: Page, query: str, **_: Any) -> dict[str, Any]:
    """query: the address's query without ``page``; it is kept on every link."""
    start = f"?{query}&page=" if query else "?page="
    gap = page.paginator.ELLIPSIS
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        {
            "text": str(number),
            "href": "" if number == gap else f"{start}{number}",
            "is_gap": number == gap,
            "is_current": number == page.number,
        }
        for number in shown
    ]
    return {
        "links": links,
        "before": f"{start}{page.previous_page_number()}" if page.has_previous() else "",
        "after": f"{start}{page.next_page_number()}" if page.has_next() else "",
        "is_needed": page.paginator.num_pages > 1,
    }


def steps_figures(*, items: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    words = {"done": gettext("done"), "current": gettext("you are here")}
    drawn = [
        {
            "number": str(place), "text": text, "state": state, "state_text": words.get(state, ""),
            "href": rest[0] if rest and state != "current" else "",
        }
        for place, (text, state, *rest) in enumerate(items, start=1)
    ]  # fmt: skip
    return {"drawn": drawn}


def emblem_figures(*, name: str, **_: Any) -> dict[str, Any]:
    return {"monogram": next((letter.upper() for letter in name if letter.isalnum()), "·")}


def field_figures(*, field: forms.BoundField, **_: Any) -> dict[str, Any]:
    """Ties label, help and error to the control, and gives dates the browser's own picker."""
    widget = field.field.widget
    help_id, error_id = f"{field.auto_id}-help", f"{field.auto_id}-error"
    described = " ".join(
        [mark for mark, is_there in ((help_id, field.help_text), (error_id, field.errors)) if is_there]
    )
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = described
    if field.errors:
        attributes["aria-invalid"] = "true"
    if isinstance(widget, forms.DateTimeInput):
        widget.format, widget.input_type = "%Y-%m-%dT%H:%M", "datetime-local"
    elif isinstance(widget, forms.DateInput):
        widget.format, widget.input_type = "%Y-%m-%d", "date"
    if isinstance(widget, forms.CheckboxInput):
        shape = "checkbox"
    elif isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        shape = "options"
    else:
        shape = "plain"
    return {
        "shape": shape,
        "is_hidden": field.is_hidden,
        "control": field.as_widget(attrs=attributes),
        "options": list(field.subwidgets) if shape == "options" else [],
        "help_id": help_id,
        "error_id": error_id,
        "described": described,
        "is_optional": not field.field.required
        and shape != "checkbox"
        and getattr(field.form, "says_optional", True),
    }


def error_summary_figures(*, form: forms.BaseForm, **_: Any) -> dict[str, Any]:
    """Every error with the control it belongs to; errors of the whole form have none."""
    found = []
    for name, errors in form.errors.items():
        field = form[name] if name in form.fields else None
        control = label = ""
        if field is not None and not field.is_hidden:
            control, label = field.id_for_label or f"{field.auto_id}_0", field.label
        found += [{"text": error, "control": control, "label": label} for error in errors]
    return {"found": found}


def plan_figures(*, rows: Sequence[Mapping[str, Any]], **_: Any) -> dict[str, Any]:
    """Where each stretch of days begins and how long it is; what has no end is drawn to the edge."""
    if not rows:
        return {"drawn": []}
    first = min(row["starts_on"] for row in rows)
    # what runs on without an end asks for a month of its own
    last = max(row["ends_on"] or row["starts_on"] + timedelta(days=30) for row in rows)
    days = (last - first).days + 1
    drawn = []
    for row in rows:
        x = share_of((row["starts_on"] - first).days, days, SCALE)
        end = SCALE if row["ends_on"] is None else share_of((row["ends_on"] - first).days + 1, days, SCALE)
        drawn.append({**row, "x": str(x), "width": str(max(end - x, 6))})
    months = []
    month = first.replace(day=1)
    while (month := (month + timedelta(days=32)).replace(day=1)) <= last:
        months.append(str(share_of((month - first).days, days, SCALE)))
    return {"drawn": drawn, "first": first, "last": last, "months": months[:60], "scale": str(SCALE)}


WORKED_OUT: dict[str, Callable[..., dict[str, Any]]] = {
    "allowance": allowance_figures,
    "bars": bars_figures,
    "countdown": countdown_figures,
    "curve": curve_figures,
    "emblem": emblem_figures,
    "error_summary": error_summary_figures,
    "field": field_figures,
    "meter": meter_figures,
    "money": money_figures,
    "money_line": money_line_figures,
    "notice": notice_figures,
    "pager": pager_figures,
    "plan": plan_figures,
    "steps": steps_figures,
}
