"""What stands in an archive's README, in both languages: a file of a body that may know no Viche any more."""

_UK = """\
# Архів даних органу самоврядування з платформи «Віче»

Дані органу з платформи у відкритих форматах: JSON, JSON Lines (один об'єкт на рядок), WebP, PNG.
Суми вказано в копійках, час у UTC. Особистих номерів, їхніх відбитків і ключів тут немає.

- community.json, emblem.png: назва, адреса, контакти, герб; place.json: адреса на платформі; districts.jsonl,
  points.jsonl: округи й дільниці
- offices.jsonl, memberships.jsonl: хто які посади обіймав; якими документами підтверджено належність до громади,
  без імен
- contests/<конкурс>/contest.json: строки і відомості конкурсу; rules/<номер>.json: положення, яке виконує платформа
- contests/<конкурс>/projects.jsonl, pictures/, decisions.jsonl: проєкти, зображення, рішення за результатами розгляду
- contests/<конкурс>/life/: усе інше про життя проєктів, по таблиці у файлі: редакції, команди, підписи (без імен),
  висновки, засідання, обговорення, реалізація; світлини й документи в теках поруч. Записи з паперових аркушів
  підписів з іменами лишаються тут: виходять підсумки й геш скану
- contests/<конкурс>/life/reports.report.jsonl, reports.reportfile/: видані офіційні звіти та їхні файли, разом із
  підписаними примірниками; letterhead.jsonl: бланк і останній номер; designed.jsonl: звіти, складені посадовцями
- contests/<конкурс>/openings.json: розкриті бюлетені; counts/<номер>/: справа підрахунку, підсумок, підписи комісії
- contests/<конкурс>/turnout.json: скільки людей голосувало; record/: матеріали підрахунку, підписані журналом
- journal/<рік>-<знаки>/: журнал: записи, розмір і корінь, підписана контрольна точка, файли C2SP tlog-tiles
- manifest.json, SHA256SUMS: SHA-256 кожного файлу

Перевірити, що файли цілі:

    sha256sum --check SHA256SUMS

Перерахувати голоси самостійно (пакет rulebook входить до вихідного коду «Віче»):

    cd contests/<конкурс>/counts/<номер>
    python -m rulebook verify dossier.json outcome.json
"""

_EN = """\
# Archive of a self-government body's data from the platform Viche

The data of the body from the platform, in open formats: JSON, JSON Lines (one object a line), WebP, PNG.
Amounts are in kopiykas, times in UTC. No personal numbers, no tokens of them and no keys are here.

- community.json, emblem.png: name, address, contacts, emblem; place.json: its address on the platform; districts.jsonl,
  points.jsonl: districts and polling points
- offices.jsonl, memberships.jsonl: who held which office; by which documents memberships were confirmed, without names
- contests/<contest>/contest.json: dates and facts of the contest; rules/<number>.json: the regulation as executed
- contests/<contest>/projects.jsonl, pictures/, decisions.jsonl: projects, pictures, decisions of the review
- contests/<contest>/life/: everything else about the life of projects, a table a file: versions, teams, signatures
  (without names), opinions, meetings, talk, implementation; photographs and documents in folders beside. Transcripts
  of paper sheets with names stay: their sums and the hash of the scan leave
- contests/<contest>/life/reports.report.jsonl, reports.reportfile/: issued official reports and their files, signed
  copies among them; letterhead.jsonl: the letterhead and the last number; designed.jsonl: reports by officials
- contests/<contest>/openings.json: opened ballots; counts/<number>/: dossier, outcome, who certified
- contests/<contest>/turnout.json: how many people voted; record/: the record of the contest, signed by the journal
- journal/<year>-<signs>/: a journal: entries, size and root, the signed checkpoint, files of C2SP tlog-tiles
- manifest.json, SHA256SUMS: SHA-256 of every file

To see that the files are whole:

    sha256sum --check SHA256SUMS

To count the ballots yourself (the package rulebook is part of Viche's source):

    cd contests/<contest>/counts/<number>
    python -m rulebook verify dossier.json outcome.json
"""

README = {"README.uk.md": _UK, "README.en.md": _EN}
