"""The Ukrainian words of a rehearsal."""

# ruff: noqa: E501 -- a sentence is one line, so that the two languages can be read side by side

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # what was not carried over
    "note.other_currency": "Минулий конкурс проводили в іншій валюті ({currency}); суми взято такими, як є.",
    "note.costs_rounded": "Вартість округлено вгору до сотих часток одиниці валюти. Таких проєктів: {projects}.",
    "note.money_differs": "Кошти значно відрізняються: у минулому конкурсі було {past}, за цими правилами – {new}.",
    "note.pots_scaled": "Фонди зменшено або збільшено пропорційно, щоб разом у них було стільки, скільки в минулому конкурсі: {past} замість {new}.",
    "note.categories_unknown": "Цих категорій правила не знають: {names}. Проєктів, що залишилися без категорії: {projects}.",
    "note.projects_left_out": "Проєктів, для яких у правилах немає місця: {projects} із {of}.",
    "note.choices_dropped": "Голосів, що належали таким проєктам і не враховані: {choices}. Бюлетенів, яких це стосується: {ballots}.",
    "note.invalid_dropped": "Бюлетенів, недійсних ще за правилами минулого конкурсу й не врахованих: {ballots}.",
    "note.ballots_beyond_limits": "Бюлетенів, у яких більше голосів, ніж дозволяють ці правила: {ballots} із {of}. Їх враховано такими, як їх подали.",
    "note.ballots_below_minimum": "Бюлетенів, у яких менше голосів, ніж вимагають ці правила: {ballots} із {of}. Їх враховано такими, як їх подали.",
    "note.kind_differs": "Минулого разу голосували інакше: {past_kind}. За цими правилами – {new_kind}. Бюлетені прочитано так: {reads}.",
    "note.threshold_in_other_unit": "Пороги цих правил порівняно з тим, як прочитано бюлетені: {reads}.",
    "note.support_unknown": "Скільки підписів підтримки зібрав кожен проєкт, невідомо; збору підтримки не враховано.",
    "note.support_not_applied": "Проєктів, що зібрали менше підписів, ніж вимагають ці правила: {projects}. Їх усе одно допущено.",
    "note.least_unknown": "Правила дозволяють часткове фінансування, але найменших сум, на які погоджувалися автори, немає; частково не профінансовано нічого.",
    "note.ties_open": "Нічиїх, які вирішив би жереб або комісія: {ties}. Проєктів у них: {projects}. Їх залишено нерозв’язаними.",
    "note.people_unknown": "Хто мав право подавати й голосувати та скільки проєктів подав один автор, не перевірено: відомостей про людей у минулому підрахунку немає.",
    "note.protocols_dropped": "Бюлетенів, про які відомо лише з протоколів пунктів голосування: {ballots} із {of}. Їх не враховано: цьому правилу підрахунку потрібно знати, як заповнено кожен бюлетень. Тож підсумок неповний.",
    "note.protocols_as_sums": "Бюлетенів, про які відомо лише з протоколів пунктів голосування: {ballots}. Голоси з них враховано, але в показниках про виборців їх немає: як заповнено кожен із них, невідомо.",
    # why a project was left out
    "note.no_class": "Вартість {cost} не належить до жодного класу",
    "note.no_pot": "Жоден фонд не оплачує таких проєктів (клас: {size_class}; категорія: {category}; територія: {territory})",
    "note.category_not_admitted": "Категорію {category} цього року не приймають",
    # what was out of reach
    "note.class_without_projects": "У класі {size_class} немає жодного проєкту.",
    "note.pot_without_projects": "Фонд {pot} ({amount}) не має жодного проєкту.",
    "note.pot_half_empty": "У фонді {pot} залишилося більше половини: {left} із {amount}.",
    "note.threshold_not_reached": "Порога {threshold} не досяг жоден проєкт (клас: {size_class}); найкращий результат – {best}.",
    "note.quota_unmet": "Місць для переможців більше, ніж самих переможців: {key} – {winners} із {limit}.",
    "note.nobody_wins": "Не перемагає жоден проєкт.",
    # words
    "kind.approval": "позначають проєкти, за які голосують",
    "kind.points": "розподіляють бали",
    "kind.ranking": "розставляють проєкти за місцями",
    "kind.choose-1": "голосують за один проєкт",
    "kind.plus-minus": "голосують за і проти",
    "reads.votes": "за кількістю голосів",
    "reads.points": "за сумою балів",
    "reads.borda": "за місцями (підрахунок за Борда)",
    "reads.net": "за кількістю голосів «за» без голосів «проти»",
    "reads.votes-per-cost": "за кількістю голосів на одиницю вартості",
    "reads.cost": "за вартістю обраних проєктів",
    "reads.cardinality": "за кількістю обраних проєктів",
    "fate.yes": "переміг",
    "fate.part": "переміг частково",
    "fate.no": "не переміг",
    "fate.tie": "нічия",
    "fate.out": "немає місця",
    "none": "не названо",
    # the table
    "now": "Чинні правила",
    "new": "Нові правила",
    "rehearsed": "Правила",
    "invented": "Вигаданий конкурс: {projects}, {ballots}",
    "past": "Конкурс «{contest}»: {projects}, {ballots}",
    "figures": "Підсумки",
    "pots": "Фонди",
    "pot": "{name}: {spent} із {amount}, переможців {winners} із {projects}",
    "notes": "Що враховано інакше",
    "issues": "На що звернути увагу",
    "fates": "Проєкти з іншою долею",
    "fates.none": "Жоден проєкт не має іншої долі.",
    "winners": "Переможці",
    "winners.none": "Переможців немає.",
    "left_out": "Проєкти без місця",
}
