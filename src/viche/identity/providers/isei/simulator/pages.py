"""The simulator's two pages, Ukrainian and English. Apart from Django, so it carries its own texts."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode, urlsplit

from viche.identity.providers.isei.simulator.faults import FAULTS
from viche.identity.providers.isei.simulator.protocol import AuthorizeRequest
from viche.identity.providers.simulation.cast import CastMember

TEXTS = {
    "uk": {
        "banner": "Імітатор — не справжній id.gov.ua",
        "other": "English",
        "title": "Ким увійти?",
        "lead": "Це навчальна сторінка. Усі люди вигадані, жодних справжніх даних тут не запитують. "
        "Після вибору ви повернетеся на сайт",
        "method": "Спосіб ідентифікації",
        "people": "Люди",
        "faults": "Зіпсувати відповідь",
        "fault": "Що має піти не так",
        "no_fault": "Нічого: відповідати справно",
        "redirect": "Повернення на сайт",
        "token": "Видача токена",
        "info": "Передавання даних",
        "data": "Зміст даних",
        "cancel": "Скасувати й повернутися",
        "refused": "Такий запит не можна виконати",
        "refused_why": "Сайт надіслав запит із хибним параметром:",
        "wrong_choice": "Ця людина не має такого способу ідентифікації. Виберіть інший спосіб:",
        "unknown_choice": "Виберіть людину і спосіб зі списку.",
    },
    "en": {
        "banner": "Simulator — not the real id.gov.ua",
        "other": "Українська",
        "title": "Who do you log in as?",
        "lead": "This page is for practice. All people are invented and no real data is asked for. "
        "After the choice you return to",
        "method": "Method of identification",
        "people": "People",
        "faults": "Spoil the answer",
        "fault": "What should go wrong",
        "no_fault": "Nothing: answer properly",
        "redirect": "Return to the site",
        "token": "Issue of the token",
        "info": "Transfer of the data",
        "data": "Content of the data",
        "cancel": "Cancel and go back",
        "refused": "This request cannot be carried out",
        "refused_why": "The site sent a request with a wrong parameter:",
        "wrong_choice": "This person has no such method of identification. Choose another one:",
        "unknown_choice": "Choose a person and a method from the list.",
    },
}
METHOD_NAMES = {
    "uk": {"bank_id": "BankID", "dig_sign": "КЕП", "mobile_id": "MobileID", "diia_id": "Дія"},
    "en": {"bank_id": "BankID", "dig_sign": "E-signature", "mobile_id": "MobileID", "diia_id": "Diia"},
}


def choice_page(
    request: AuthorizeRequest,
    cast: Sequence[CastMember],
    language: str,
    *,
    problem: str = "",
    chosen: str = "",
    fault: str = "",
) -> str:
    """Whom to log in as, and how. problem: what was wrong with the last choice, already in words."""
    text = TEXTS[language]
    other = "en" if language == "uk" else "uk"
    kept = _parameters(request)
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (*kept.items(), ("lang", language))
    )
    site = urlsplit(request.redirect_uri)
    alert = f'<p class="alert" role="alert">{escape(problem)}</p>' if problem else ""
    body = f"""<h1>{text["title"]}</h1>
<p>{text["lead"]} <span class="site">{escape(site.netloc)}</span>.</p>
{alert}
<form method="post" action="/choose">{hidden}
<fieldset><legend>{text["method"]}</legend><div class="methods">
{_methods(request.methods, chosen, language)}</div></fieldset>
<h2>{text["people"]}</h2>
<ul class="people">{"".join(_person(person, language) for person in cast)}</ul>
<details{" open" if fault else ""}><summary>{text["faults"]}</summary>
<label for="fault">{text["fault"]}</label>
<select id="fault" name="fault"><option value="">{text["no_fault"]}</option>
{_faults(language, fault)}</select>
</details>
<button class="cancel" name="cancel" value="1">{text["cancel"]}</button>
</form>"""
    switch = f'<a href="/?{escape(urlencode({**kept, "lang": other}))}" lang="{other}">{text["other"]}</a>'
    return _page(language, text["title"], switch, body)


def refusal_page(language: str, parameter: str) -> str:
    """A request that cannot be answered; the browser stays here."""
    text = TEXTS[language]
    body = f"<h1>{text['refused']}</h1><p>{text['refused_why']} <strong>{escape(parameter)}</strong></p>"
    return _page(language, text["refused"], "", body)


def wrong_choice(person: CastMember, language: str) -> str:
    names = ", ".join(METHOD_NAMES[language][method] for method in person.methods)
    return f"{TEXTS[language]['wrong_choice']} {names}."


def _parameters(request: AuthorizeRequest) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": request.client_id,
        "auth_type": ",".join(request.methods),
        "state": request.state,
        "redirect_uri": request.redirect_uri,
    }


def _methods(methods: Sequence[str], chosen: str, language: str) -> str:
    current = chosen if chosen in methods else methods[0]
    return "".join(
        f'<label><input type="radio" name="method" value="{method}"{" checked" if method == current else ""}>'
        f"{METHOD_NAMES[language][method]}</label>"
        for method in methods
    )


def _person(person: CastMember, language: str) -> str:
    key, initials = escape(person.key), escape(person.given_name[:1] + person.family_name[:1])
    return (
        f'<li><button class="person" name="person" value="{key}" '
        f'aria-labelledby="name-{key}" aria-describedby="hint-{key}">'
        f'<span class="face" aria-hidden="true">{initials}</span>'
        f'<span><span class="name" id="name-{key}" lang="uk">{escape(person.display_name)}</span>'
        f'<span class="hint" id="hint-{key}">{escape(person.hint[language])}</span></span></button></li>'
    )


def _faults(language: str, current: str) -> str:
    groups = []
    for where in ("redirect", "token", "info", "data"):
        options = "".join(
            f'<option value="{name}"{" selected" if name == current else ""}>'
            f"{escape(getattr(fault, language))}</option>"
            for name, fault in FAULTS.items()
            if fault.where == where
        )
        groups.append(f'<optgroup label="{escape(TEXTS[language][where])}">{options}</optgroup>')
    return "".join(groups)


def _page(language: str, title: str, switch: str, body: str) -> str:
    banner = TEXTS[language]["banner"]
    return f"""<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title} · {banner}</title>
<link rel="stylesheet" href="/simulator.css"></head>
<body><header class="banner"><div><span>{banner}</span>{switch}</div></header>
<main>{body}</main></body></html>
"""
