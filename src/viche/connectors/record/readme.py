"""What stands in a record's README, in both languages: the record is read where no Viche is."""

from viche.contests.models import Contest
from viche.journal.models import Log

README = "README.txt"

_TEXT = """\
{uk}

Публічна справа конкурсу: усе, з чого виник оголошений результат, і журнал, який не дає нічого з цього підмінити.

  rules.json       положення, за яким рахували
  openings.json    кожен розкритий бюлетень: вибір, код (геш) і випадкове число, яким код підтверджено
  dossier.json     усе, що бачив підрахунок; outcome.json: що з нього вийшло; result.json: оголошений результат
  counts.json      відмітки про голосування за днями й каналами, кількість конвертів і скільки з них не пораховано:
                   замінені чи відкликані виборцями, анульовані двома посадовцями, з відкликаних партій паперових
                   бюлетенів; скільки паперових бюлетенів видано і внесено (лише числа)
  log/             журнал органу самоврядування: записи, дерево гешів, підписана контрольна точка
  keys.txt         відкриті ключі журналу і свідків; порівняйте їх зі сторінкою журналу
  manifest.txt     SHA-256 кожного файлу під підписом журналу

Перевірити (потрібні Python 3.11, пакет cryptography і пакет rulebook із вихідного коду «Віче»):

    python -m rulebook verify ТЕКА

Справа не доводить, хто мав право голосу: про це кажуть реєстр, повідомлення виборцям і їхні власні сторінки.


{en}

The public record of a contest: all that the published result came from, and the log that lets nothing of it be changed.

  rules.json       the regulation that was counted by
  openings.json    every opened ballot: its choices, its code (a hash) and the random number that proves the code
  dossier.json     all that the count saw; outcome.json: what it made of it; result.json: what was published
  counts.json      marks of voting by day and channel, how many envelopes there are, and how many were not counted:
                   replaced or taken back by their voters, annulled by two officials, of batches of paper that were
                   taken back; how many paper ballots were given out and entered (numbers only)
  log/             the body's log: entries, tree of hashes, signed checkpoint
  keys.txt         public keys of the log and its witnesses; compare them with the log page
  manifest.txt     SHA-256 of every file under the log's signature

To verify it (Python 3.11, the package cryptography and the package rulebook of Viche's source code):

    python -m rulebook verify FOLDER

The record does not prove who was entitled to vote: for that there are the register, the notices to voters and their
own pages.

{origin}
"""


def readme(contest: Contest, log: Log) -> str:
    """The text for a contest; log: the one whose key signs the record."""
    titles = {"uk": "", "en": "", **contest.title}
    return _TEXT.format(uk=titles["uk"] or titles["en"], en=titles["en"] or titles["uk"], origin=log.origin)
