"""The data dictionary: every table of the archive and every column, in both languages."""

from viche.connectors.open_data.columns import Words, words
from viche.reports.research.columns import (
    CHOICES,
    DAY,
    DEGREES,
    FLAG,
    INTEGER,
    MOMENT,
    MONEY,
    SUMS,
    Column,
    Table,
)

_CONTEST = Column("contest", words("Адреса конкурсу в органі, як на сторінках: 2026.",
                  "The contest’s address within the body, as on its pages: 2026."), is_required=True)  # fmt: skip
_PROJECT = Column("project", words("Код проєкту в конкурсі.", "The project’s code within the contest."),
                  is_required=True)  # fmt: skip


def _place(uk: str, en: str) -> Column:
    """A running number: among what."""
    return Column(
        "place", words(f"Місце {uk}, від 1.", f"Its place {en}, from 1."), INTEGER, is_required=True
    )


def _of_projects(name: str, titles: Words, says: Words, uk: str, en: str, *columns: Column) -> Table:
    """A table with many rows for a project, in an order. uk, en: among what the running number of a row counts."""
    return Table(
        name, titles, says, (_CONTEST, _PROJECT, _place(uk, en), *columns), ("contest", "project", "place"),
        ("project",),
    )  # fmt: skip


CONTESTS = Table(
    "contests", words("Конкурси", "Contests"), words("Рядок на конкурс.", "A row for each contest."),
    (
        _CONTEST,
        Column("community", words("Адреса органу на платформі.", "The body’s address on the platform."),
               is_required=True),
        Column("community_code", words("КАТОТТГ органу.", "KATOTTH code of the body."), is_required=True),
        Column("community_name", words("Назва органу.", "Name of the body."), is_required=True),
        Column("title", words("Назва конкурсу.", "Title of the contest."), is_required=True),
        Column("title_en", words("Назва англійською, якщо є.", "The title in English, where there is one.")),
        Column("year", words("Рік.", "Year."), INTEGER, is_required=True),
        Column("currency", words("Валюта (ISO 4217).", "Currency (ISO 4217)."), is_required=True),
        Column("origin", words("Звідки перенесено вже завершений конкурс; порожньо – проведено тут.",
                               "Where a finished contest was brought from; empty: held here.")),
        Column("ballot_kind", words("Вид бюлетеня: approval – позначки, points – бали, ranking – місця, plus-minus –"
                                    " за і проти.", "Kind of ballot: approval, points, ranking or plus-minus."),
               is_required=True),
        Column("counting_rule", words("Правило підрахунку за версією.", "Counting rule with its version."),
               is_required=True),
        Column("rules_sha256", words("SHA-256 правил, за якими його проведено.", "SHA-256 of the rules in force.")),
        Column("voting_begins_at", words("Початок голосування.", "The voting begins."), MOMENT),
        Column("voting_ends_at", words("Кінець голосування.", "The voting ends."), MOMENT),
        Column("members", words("Скільки людей у реєстрі громади.", "How many people its register names."), INTEGER),
        Column("voters", words("Скільки проголосувало; порожньо, поки правила цього не показують.",
                               "How many have voted; empty as long as the rules do not show it."), INTEGER),
        Column("published_at", words("Коли оприлюднено результат.", "When the result was published."), MOMENT),
        Column("dossier_sha256", words("SHA-256 досьє підрахунку.", "SHA-256 of the dossier of the count.")),
        Column("outcome_sha256", words("SHA-256 підсумку.", "SHA-256 of the outcome.")),
        Column("page", words("Сторінка конкурсу.", "The contest’s page."), is_required=True),
    ),
    ("contest",),
)  # fmt: skip

RULES = Table(
    "rules", words("Правила", "Rules"),
    words("Чинна редакція правил кожного конкурсу, цілим документом.", "The rules in force of each contest, whole."),
    (
        _CONTEST,
        Column("version", words("Номер редакції.", "Number of the version."), INTEGER, is_required=True),
        Column("sha256", words("SHA-256 документа.", "SHA-256 of the document."), is_required=True),
        Column("decision", words("Рішення, яким затверджено.", "The decision that approved it.")),
        Column("decision_date", words("Дата рішення.", "Date of the decision."), DAY),
        Column("decision_url", words("Адреса рішення.", "Address of the decision.")),
        Column("frozen_at", words("Коли зафіксовано.", "When it was frozen."), MOMENT),
        Column("document", words("Правила як канонічний JSON (RFC 8785).", "The rules as canonical JSON (RFC 8785)."),
               is_required=True),
    ),
    ("contest",),
)  # fmt: skip

POTS = Table(
    "pots", words("Частини коштів", "Pots"),
    words("На що поділено кошти конкурсу, у порядку правил.", "The parts of the contest’s money, in the rules’ order."),
    (
        _CONTEST,
        Column("pot", words("Код частини.", "Its id."), is_required=True),
        _place("в правилах", "in the rules"),
        Column("title", words("Назва.", "Name.")),
        Column("amount", words("Скільки коштів.", "How much money."), MONEY, is_required=True),
        Column("size_class", words("Лише для цього розміру.", "For this size only.")),
        Column("category", words("Лише для цього типу.", "For this type only.")),
        Column("territory", words("Лише для цієї території (КАТОТТГ).", "For this territory only (KATOTTH).")),
    ),
    ("contest", "pot"),
)  # fmt: skip

STAGES = Table(
    "stages", words("Етапи", "Stages"),
    words("Коли починається й закінчується кожен етап.", "When each stage begins and ends."),
    (
        _CONTEST,
        Column("stage", words("Етап.", "Stage."), is_required=True),
        Column("begins_at", words("Початок.", "Begins."), MOMENT, is_required=True),
        Column("ends_at", words("Кінець; порожньо – без кінця.", "Ends; empty: open-ended."), MOMENT),
    ),
    ("contest", "begins_at", "stage"),
)  # fmt: skip

PROJECTS = Table(
    "projects", words("Проєкти", "Projects"),
    words("Усі оприлюднені проєкти, без імен.", "Every published project, without names."),
    (
        _CONTEST, _PROJECT,
        Column("number", words("Номер проєкту на сторінках.", "The number on its page."), INTEGER, is_required=True),
        Column("title", words("Назва.", "Title."), is_required=True),
        Column("summary", words("Короткий опис.", "Summary.")),
        Column("text", words("Повний текст.", "The whole text.")),
        Column("category", words("Тип за правилами.", "Type by the rules.")),
        Column("size_class", words("Розмір за правилами.", "Size class by the rules.")),
        Column("pot", words("З якої частини коштів.", "From which pot it is paid.")),
        Column("territory", words("Територія (КАТОТТГ).", "Territory (KATOTTH)."), is_required=True),
        Column("part", words("Частина громади, до якої належить територія (КАТОТТГ); порожньо – уся громада.",
                             "The part of the community that the territory is in (KATOTTH); empty: all of it."),
               is_required=True),
        Column("place", words("Місце словами.", "The place in words.")),
        Column("latitude", words("Широта.", "Latitude."), DEGREES),
        Column("longitude", words("Довгота.", "Longitude."), DEGREES),
        Column("area", words("Контур місця (GeoJSON).", "Outline of the place (GeoJSON).")),
        Column("cost", words("Вартість.", "Cost."), MONEY, is_required=True),
        Column("supporters", words("Скільки підписів має.", "Signatures it has."), INTEGER, is_required=True),
        Column("state", words("Стан проєкту.", "State of the project."), is_required=True),
        Column("state_at", words("Відколи він у цьому стані.", "Since when it is in this state."), MOMENT),
        Column("published_at", words("Коли оприлюднено.", "When it was published."), MOMENT, is_required=True),
        Column("is_on_ballot", words("Чи був у бюлетені.", "Whether it stood on the ballot."), FLAG, is_required=True),
        Column("page", words("Сторінка проєкту.", "Its page."), is_required=True),
    ),
    ("contest", "project"),
)  # fmt: skip

EVENTS = _of_projects(
    "events", words("Події з проєктами", "Events of projects"),
    words("Записи журналу про оприлюднені проєкти, без підписів жителів.",
          "Entries of the journal about published projects, without residents’ signatures."),
    "серед подій проєкту", "among the project’s events",
    Column("event", words("Назва події: ProjectAdmitted, WorkStarted…", "Its name: ProjectAdmitted, WorkStarted…"),
           is_required=True),
    Column("at", words("Коли.", "When."), MOMENT),
)  # fmt: skip

DECISIONS = _of_projects(
    "decisions", words("Рішення оцінювання", "Decisions of the review"),
    words("Рішення щодо оприлюднених проєктів.", "Decisions about published projects."),
    "серед рішень щодо проєкту", "among the project’s decisions",
    Column("stage", words("Крок оцінювання за правилами.", "Stage of the review by the rules.")),
    Column("verdict", words("Що вирішено.", "What was decided."), is_required=True),
    Column("decided_at", words("Коли.", "When."), MOMENT, is_required=True),
    Column("protocol", words("Протокол.", "Protocol.")),
    Column("reason", words("Чому.", "Why.")),
)  # fmt: skip

SIGNATURES = Table(
    "signatures", words("Підписи за днями", "Signatures by day"),
    words("Скільки чинних підписів дано за всі проєкти цього дня; днів без підписів немає.",
          "How many standing signatures were given under all projects on a day; days without any are left out."),
    (
        _CONTEST,
        Column("day", words("День.", "Day."), DAY, is_required=True),
        Column("signatures", words("Скільки підписів.", "How many."), INTEGER, is_required=True),
    ),
    ("contest", "day"),
)  # fmt: skip

TURNOUT = Table(
    "turnout", words("Участь у голосуванні", "Turnout"),
    words("Скільки людей проголосувало, за різними поділами; те, що вказувало б на людину, приховано. Порожньо, поки"
          " правила не показують участі.",
          "How many people have voted, divided in several ways; what would single somebody out is hidden. Empty as long"
          " as the rules do not show the turnout."),
    (
        _CONTEST,
        Column("by", words("Поділ: day, hours, channel, part або part-channel.",
                           "The division: day, hours, channel, part or part-channel."), is_required=True),
        Column("key", words("День, години, спосіб або частина громади (КАТОТТГ; порожньо – невідома).",
                            "Day, hours, way of voting or part of the community (KATOTTH; empty: not known)."),
               is_required=True),
        Column("channel", words("Спосіб голосування, у поділі part-channel.", "Way of voting, in part-channel."),
               is_required=True),
        Column("voters", words("Скільки проголосувало.", "How many have voted."), INTEGER),
        Column("is_hidden", words("Чи число приховано.", "Whether the number is hidden."), FLAG, is_required=True),
        Column("members", words("Скільки людей цієї частини в реєстрі.", "People of this part on the register."),
               INTEGER),
    ),
    ("contest", "by", "key", "channel"),
)  # fmt: skip

BALLOTS = Table(
    "ballots", words("Бюлетені", "Ballots"),
    words("Відкриті бюлетені оприлюдненого результату. Номер – місце серед відкритих бюлетенів, які впорядковано за"
          " випадковими кодами; він не веде ні до людини, ні до часу, ні до місця.",
          "The opened ballots of the published result. The number is the place among the opened ballots, which random"
          " codes put in order: it leads to no person, no time and no place."),
    (
        _CONTEST,
        Column("ballot", words("Номер бюлетеня, той самий, що у votings.csv (v17 – це 17).",
                               "Number of the ballot, as in votings.csv (v17 is 17)."), INTEGER, is_required=True),
        Column("is_counted", words("Чи дійсний за правилами.", "Whether it is valid under the rules."), FLAG,
               is_required=True),
        Column("choices", words("Вибір, у порядку бюлетеня. value: 1 – позначка; бали; місце; 1 за чи -1 проти.",
                                "The choices as on the ballot. value: 1 for a mark; points; the place; 1 for, -1"
                                " against."), CHOICES, is_required=True),
    ),
    ("contest", "ballot"),
)  # fmt: skip

VOTES = Table(
    "votes", words("Голоси", "Votes"),
    words("Рядок на кожен вибір дійсного бюлетеня.", "A row for each choice of a valid ballot."),
    (
        _CONTEST,
        Column("ballot", words("Номер бюлетеня.", "Number of the ballot."), INTEGER, is_required=True),
        _PROJECT,
        Column("value", words("Як у ballots.choices.", "As in ballots.choices."), INTEGER, is_required=True),
    ),
    ("contest", "ballot", "project"), ("ballot", "project"),
)  # fmt: skip

PROTOCOLS = Table(
    "protocols", words("Протоколи дільниць", "Protocols of polling points"),
    words("Паперові голоси, відомі лише сумами; вони є в підсумку, але не серед бюлетенів.",
          "Votes on paper that are known as sums only; they are in the outcome, not among the ballots."),
    (
        _CONTEST,
        Column("protocol", words("Номер у переліку досьє, від 1.", "Its number in the dossier’s list, from 1."),
               INTEGER, is_required=True),
        Column("ballots", words("Дійсних бюлетенів.", "Valid ballots."), INTEGER, is_required=True),
        Column("votes", words("Голоси за проєктами.", "Votes by project."), SUMS, is_required=True),
    ),
    ("contest", "protocol"),
)  # fmt: skip

OUTCOME = Table(
    "outcome", words("Підсумок", "Outcome"),
    words("Кожен проєкт бюлетеня в оприлюдненому результаті.", "Every project of the ballot in the published result."),
    (
        _CONTEST, _PROJECT,
        Column("pot", words("З якої частини коштів.", "From which pot."), is_required=True),
        Column("score", words("За чим упорядковано: голоси, бали…", "What the rule ranks by: votes, points…"), INTEGER),
        Column("votes", words("Скільки дійсних бюлетенів за нього.", "How many valid ballots name it."), INTEGER),
        Column("rank", words("Місце за показником у своїй частині коштів.", "Place by score within its pot."), INTEGER),
        Column("is_funded", words("Чи переміг.", "Whether it won."), FLAG, is_required=True),
        Column("place", words("Яким за чергою профінансовано, від 1.", "In which turn it was funded, from 1."),
               INTEGER),
        Column("cost", words("Вартість у підрахунку.", "Its cost in the count."), MONEY, is_required=True),
        Column("amount", words("Скільки отримав.", "What it gets."), MONEY),
        Column("reason", words("Код причини, чому не переміг.", "Why it did not win, as a code.")),
    ),
    ("contest", "project"), ("project",),
)  # fmt: skip

WORKS = Table(
    "works", words("Втілення", "Implementation"),
    words("Кожен переможець: план і факт.", "Every winner: plan and fact."),
    (
        _CONTEST, _PROJECT,
        Column("state", words("Стан.", "State."), is_required=True),
        Column("unit", words("Відповідальний підрозділ.", "The unit that is responsible.")),
        Column("plan_cost", words("Планова вартість.", "Planned cost."), MONEY),
        Column("actual_cost", words("Скільки сплачено дотепер або зрештою.", "What was paid so far, or in the end."),
               MONEY),
        Column("begins_on", words("Початок за планом.", "Planned beginning."), DAY),
        Column("due_on", words("Чинний строк.", "The term that holds."), DAY),
        Column("accepted_on", words("Коли прийнято.", "When it was accepted."), DAY),
        Column("delays", words("Скільки разів переносили строк.", "How often the term was moved."), INTEGER),
        Column("ratings", words("Скільки жителів оцінило; порожньо, якщо менше десяти.",
                                "How many residents rated it; empty where fewer than ten did."), INTEGER),
        Column("stars", words("Сума їхніх зірок; порожньо, якщо оцінок менше десяти.",
                              "The sum of their stars; empty where fewer than ten rated it."), INTEGER),
    ),
    ("contest", "project"), ("project",),
)  # fmt: skip

STEPS = _of_projects(
    "steps", words("Етапи робіт", "Steps of works"), words("Що й коли роблять.", "What is done and when."),
    "серед етапів", "among the steps",
    Column("title", words("Назва.", "Title."), is_required=True),
    Column("due_on", words("За планом.", "As planned."), DAY, is_required=True),
    Column("done_on", words("Коли виконано.", "When it was done."), DAY),
)  # fmt: skip

DELAYS = _of_projects(
    "delays", words("Перенесення строків", "Terms that were moved"),
    words("Кожне перенесення строку з причиною.", "Each time a term was moved, with the reason."),
    "серед перенесень", "among them",
    Column("former_due", words("Попередній строк.", "The former term."), DAY, is_required=True),
    Column("new_due", words("Новий строк.", "The new term."), DAY, is_required=True),
    Column("reason", words("Чому.", "Why."), is_required=True),
)  # fmt: skip

CONTRACTS = _of_projects(
    "contracts", words("Договори", "Contracts"),
    words("Договори про роботи, без назв виконавців: один із них може бути людиною; адреса веде до закупівлі.",
          "Contracts about the works, without contractors: one of them may be a person; the address leads to the"
          " procurement."),
    "серед договорів", "among them",
    Column("signed_on", words("Коли підписано.", "When it was signed."), DAY, is_required=True),
    Column("amount", words("Сума.", "Amount."), MONEY, is_required=True),
    Column("url", words("Сторінка закупівлі.", "Its page in the procurement system.")),
)  # fmt: skip

PAYMENTS = _of_projects(
    "payments", words("Платежі", "Payments"),
    words("Платежі казначейства, віднесені до проєкту посадовцем, без отримувачів; повернення – від’ємні.",
          "Payments of the treasury that an official assigned to the project, without recipients; what was paid back is"
          " negative."),
    "серед платежів", "among them",
    Column("paid_on", words("Коли.", "When."), DAY, is_required=True),
    Column("amount", words("Сума.", "Amount."), MONEY, is_required=True),
)  # fmt: skip

FIGURES = Table(
    "figures", words("Показники", "Figures"),
    words("Кожен показник сторінки «Показники», клітинка за клітинкою, під тим самим гешем, що на сторінці, у PDF, XLSX"
          " і API. Геш рахує recompute.py.",
          "Every figure of the page “Figures”, cell by cell, under the hash it has on the page, in the PDF, the XLSX"
          " and the API. recompute.py computes the hash."),
    (
        _CONTEST,
        Column("figure", words("Ключ показника.", "Key of the figure."), is_required=True),
        Column("row_place", words("Місце рядка, від 1.", "Place of the row, from 1."), INTEGER, is_required=True),
        Column("column_place", words("Місце стовпця, від 1.", "Place of the column, from 1."), INTEGER,
               is_required=True),
        Column("row", words("Ключ рядка.", "Key of the row."), is_required=True),
        Column("column", words("Ключ стовпця.", "Key of the column."), is_required=True),
        Column("kind", words("Що це: count, money (копійки), share (соті відсотка), hundredths, days, date, state.",
                             "What it is: count, money (kopiykas), share (hundredths of a percent), hundredths, days,"
                             " date, state."), is_required=True),
        Column("value", words("Число; порожньо, якщо невідоме чи приховане.", "The number; empty where it is not"
                              " known or hidden."), INTEGER),
        Column("text", words("Значення, яке не є числом.", "A value that is no number.")),
        Column("is_hidden", words("Чи приховано, щоб не вказати на людину.", "Whether it is hidden, so that nobody is"
                                  " singled out."), FLAG, is_required=True),
        Column("sha256", words("Геш усього показника.", "Hash of the whole figure."), is_required=True),
    ),
    ("contest", "figure", "row_place", "column_place"),
)  # fmt: skip

TABLES: tuple[Table, ...] = (
    CONTESTS, RULES, POTS, STAGES, PROJECTS, EVENTS, DECISIONS, SIGNATURES, TURNOUT, BALLOTS, VOTES, PROTOCOLS,
    OUTCOME, WORKS, STEPS, DELAYS, CONTRACTS, PAYMENTS, FIGURES,
)  # fmt: skip
