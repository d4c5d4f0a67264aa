"""The data dictionary: every table of the open data, its columns, what they mean, in both languages at once.

The files carry both languages, whatever language a visitor reads: so the words stand here and not in a catalogue of
translations. Names, order and spelling of the columns of ``projects`` and ``votings`` are those that resolution 835 of
the Cabinet of Ministers recommends (annex 35), slips of the pen included.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, str]

STRING, INTEGER, MONEY, DATE, ADDRESS = "string", "integer", "decimal", "date", "anyURI"
"""Kinds of columns, by their names in CSVW. MONEY is kept in kopiykas and written in hryvnias with two decimals."""


def words(uk: str, en: str) -> Words:
    """One text in both languages."""
    return {"uk": uk, "en": en}


@dataclass(frozen=True)
class Column:
    """One column. is_required: resolution 835 wants it filled. waits: since when it can be, where that is later.

    is_free: people wrote what stands in it; nothing that begins like a formula is written as it is.
    """

    name: str
    titles: Words
    says: Words
    kind: str = STRING
    is_required: bool = False
    waits: Words | None = None
    is_free: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its name (of the file too), its columns in order, the columns that name a row."""

    name: str
    titles: Words
    says: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_official: bool = False

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


_DECIDED = words(
    "Порожньо, поки щодо проєкту немає рішення.", "Empty until the project has been decided about."
)
_COUNTED = words(
    "Порожньо до оприлюднення результатів: проміжних підсумків не публікуємо.",
    "Empty until the result is published: there are no running totals.",
)
_BUILT = words(
    "Порожньо, поки роботи не завершено і не сплачено.", "Empty until the work is done and paid for."
)
_WON = words(
    "Порожньо, поки проєкт не переміг і не призначено відповідального.",
    "Empty until the project has won and somebody is responsible for it.",
)
_ERASED = words(
    "Порожньо, якщо автор не погодився на публікацію імені або забрав згоду.",
    "Empty where the author did not agree to be named, or took the consent back.",
)
_CODE = words(
    "Порожньо, поки орган не вказав свій код у налаштуваннях відкритих даних.",
    "Empty until the body has told its code in the settings of open data.",
)

PROJECTS = Table(
    "projects",
    words("Проєкти громадського бюджету", "Projects of the participatory budget"),
    words(
        "Усі оприлюднені проєкти конкурсу: що, де, за скільки, чим закінчилося.",
        "Every published project of the contest: what, where, how much, what became of it.",
    ),
    (
        Column("uid", words("Ідентифікатор проєкту", "Project identifier"), words(
            "Адреса конкурсу і номер проєкту в ньому; не змінюється.",
            "The contest’s address and the project’s number in it; never changes."), is_required=True),
        Column("kind", words("Вид проєкту", "Kind"), words(
            "За класом вартості: малий, середній або великий; порожньо, якщо правила не мають кількох класів.",
            "By the class of cost: малий (small), середній (medium), великий (large); empty where the rules have no"
            " several classes.")),
        Column("type", words("Тип проєкту", "Type"), words(
            "локальний – для частини громади, загальноміський – для всієї.",
            "локальний (for a part of the community) or загальноміський (for all of it).")),
        Column("title", words("Назва проєкту", "Title"), words("Як її написав автор.", "As its author wrote it."),
            is_required=True, is_free=True),
        Column("description", words("Короткий опис", "Summary"), words(
            "Кілька речень автора.", "A few sentences by the author."), is_required=True, is_free=True),
        Column("url", words("Сторінка проєкту", "Page"), words(
            "Адреса сторінки проєкту.", "Address of the project’s page."), ADDRESS, is_required=True),
        Column("text", words("Повний текст", "Text"), words(
            "Повний опис проєкту.", "The whole text of the project."), is_required=True, is_free=True),
        Column("authorityName", words("Розпорядник", "Authority"), words(
            "Назва органу місцевого самоврядування.", "Name of the self-government body."), is_required=True),
        Column("authorityId", words("Код розпорядника (ЄДРПОУ)", "Authority’s code (EDRPOU)"), words(
            "Вісім цифр.", "Eight digits."), is_required=True, waits=_CODE),
        Column("authorityCattutc", words("Код території (КАТОТТГ)", "Territory’s code (KATOTTH)"), words(
            "За Кодифікатором адміністративно-територіальних одиниць.",
            "By the codifier of administrative units and territories."), is_required=True),
        Column("count", words("Кількість голосів", "Votes"), words(
            "Скільки дійсних бюлетенів обрали проєкт.", "How many valid ballots chose the project."), INTEGER,
            is_required=True, waits=_COUNTED),
        Column("creator", words("Автор", "Author"), words(
            "Імена, які дозволено публікувати; кілька – через крапку з комою.",
            "Names that may be published; several are parted by semicolons."), is_required=True, waits=_ERASED,
            is_free=True),
        Column("status", words("Стан проєкту", "State"), words(
            "Стан на час вивантаження.", "The state when the file was made."), is_required=True),
        Column("decisionDate", words("Дата рішення", "Date of decision"), words(
            "День останнього рішення щодо проєкту: допуску, відмови або оприлюднення результатів.",
            "The day of the last decision about it: admitted, refused, or the result published."), DATE,
            is_required=True, waits=_DECIDED),
        Column("decisionUrl", words("Посилання на рішення", "Address of the decision"), words(
            "Сторінка, де рішення оприлюднено.", "The page on which the decision is published."), ADDRESS,
            is_required=True, waits=_DECIDED),
        Column("decisionText", words("Зміст рішення", "The decision in words"), words(
            "Рішення одним-двома реченнями.", "The decision in a sentence or two."), is_free=True),
        Column("budgetPlan", words("Планова вартість, грн", "Planned cost, UAH"), words(
            "Для проєктів у роботі – за планом виконавця, для решти – за кошторисом автора.",
            "Of works by the plan of whoever carries them out, of others by the author’s estimate."), MONEY,
            is_required=True),
        Column("budgetFact", words("Фактична вартість, грн", "Actual cost, UAH"), words(
            "Скільки сплачено за виконані роботи.", "What was paid for the work."), MONEY, is_required=True,
            waits=_BUILT),
        Column("projectResposible", words("Відповідальний виконавець", "Responsible"), words(
            "Підрозділ, що відповідає за втілення (написання назви – як у постанові).",
            "The unit that carries it out (the name is spelt as in the resolution)."), is_required=True, waits=_WON,
            is_free=True),
    ),
    ("uid",),
    is_official=True,
)  # fmt: skip

VOTINGS = Table(
    "votings",
    words("Результати голосування", "Votes"),
    words(
        "Рядок – один голос за один проєкт у дійсному бюлетені. Голоси, відомі лише з протоколів дільниць, є у сумах "
        "стовпця count таблиці projects, але окремих рядків не мають.",
        "A row is one choice of one project on a valid ballot. Votes known from protocols of polling points only are "
        "part of the sums in the column count of projects and have no rows of their own.",
    ),
    (
        Column("projectUid", words("Ідентифікатор проєкту", "Project identifier"), words(
            "uid з таблиці projects.", "The uid of the table projects."), is_required=True),
        Column("voterID", words("Умовний номер виборця", "Pseudonym of the voter"), words(
            "Конкурс і місце бюлетеня в переліку відкритих бюлетенів, упорядкованому за випадковими кодами. Не веде "
            "ні до людини, ні до часу чи порядку голосування, і в кожному конкурсі новий.",
            "The contest and the ballot’s place in the list of opened ballots, which random codes put in order. It "
            "leads neither to a person nor to a time or an order of voting, and is new in every contest."),
            is_required=True),
        Column("projectTitle", words("Назва проєкту", "Project title"), words(
            "Як у таблиці projects.", "As in the table projects."), is_required=True, is_free=True),
        Column("voteDate", words("Дата голосування", "Date of the vote"), words(
            "Останній день голосування, однаковий в усіх рядках: коли подано кожен бюлетень, система навмисно не "
            "знає, а остаточним він стає цього дня. Голоси за днями – у turnout.csv.",
            "The last day of the voting, the same in every row: the system deliberately does not know when a ballot "
            "was cast, and on that day it becomes final. Voters by day are in turnout.csv."), DATE, is_required=True),
    ),
    ("voterID", "projectUid"),
    is_official=True,
)  # fmt: skip

WORKS = Table(
    "works",
    words("Втілення проєктів-переможців", "Implementation of the winners"),
    words(
        "Хто відповідає, строки, кошти, етапи, договори й оцінки жителів.",
        "Who is responsible, terms, money, steps, contracts, and what residents think.",
    ),
    (
        Column("uid", words("Ідентифікатор проєкту", "Project identifier"), words(
            "uid з таблиці projects.", "The uid of the table projects."), is_required=True),
        Column("title", words("Назва проєкту", "Title"), words("Як у таблиці projects.", "As in projects."),
            is_required=True, is_free=True),
        Column("status", words("Стан", "State"), words(
            "Стан на час вивантаження.", "The state when the file was made."), is_required=True),
        Column("responsibleUnit", words("Відповідальний підрозділ", "Responsible unit"), words(
            "Порожньо, поки роботи не почато.", "Empty until the work begins."), is_free=True),
        Column("startsOn", words("Початок", "Begins"), words("За планом.", "As planned."), DATE),
        Column("dueOn", words("Строк", "Due"), words(
            "Чинний строк; перенесення – у стовпці delays.", "The term that holds now; see delays."), DATE),
        Column("acceptedOn", words("Прийнято", "Accepted"), words(
            "День приймання робіт.", "The day the work was accepted."), DATE),
        Column("delays", words("Перенесень строку", "Times delayed"), words(
            "Скільки разів переносили строк.", "How many times the term was moved."), INTEGER),
        Column("stepsDone", words("Етапів виконано", "Steps done"), words(
            "Скільки етапів виконано.", "How many steps are done."), INTEGER),
        Column("stepsPlanned", words("Етапів за планом", "Steps planned"), words(
            "Скільки етапів заплановано.", "How many steps are planned."), INTEGER),
        Column("planCost", words("Планова вартість, грн", "Planned cost, UAH"), words(
            "За планом виконавця.", "By the plan of whoever carries it out."), MONEY),
        Column("actualCost", words("Фактична вартість, грн", "Actual cost, UAH"), words(
            "Порожньо, поки не сплачено.", "Empty until it is paid."), MONEY),
        Column("contracts", words("Договорів", "Contracts"), words(
            "Скільки договорів укладено.", "How many contracts were signed."), INTEGER),
        Column("contractsAmount", words("Сума договорів, грн", "Sum of contracts, UAH"), words(
            "Разом за всіма договорами.", "Of all contracts together."), MONEY),
        Column("contractUrls", words("Закупівлі", "Procurement"), words(
            "Адреси договорів у системі закупівель, через пропуск.",
            "Addresses of the contracts in the procurement system, parted by spaces.")),
        Column("ratings", words("Оцінок жителів", "Ratings"), words(
            "Скільки жителів оцінили; порожньо, якщо менше десяти.",
            "How many residents rated it; empty where fewer than ten did."), INTEGER),
        Column("meanRating", words("Середня оцінка", "Mean rating"), words(
            "Від 1 до 5, з одним знаком після крапки; порожньо, якщо оцінок менше десяти.",
            "From 1 to 5 with one decimal; empty where fewer than ten rated it.")),
    ),
    ("uid",),
)  # fmt: skip

TABLES: tuple[Table, ...] = (PROJECTS, VOTINGS, WORKS)


def table_named(name: str) -> Table | None:
    """The table of this name."""
    return next((table for table in TABLES if table.name == name), None)
