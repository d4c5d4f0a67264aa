"""What the tool says, in Ukrainian and in English."""

from __future__ import annotations

from boxkey.faults import KeyFault

LANGUAGES = ("uk", "en")

KIND_NAMES = {
    "contest": ("файл конкурсу", "file of a contest"),
    "public-key": ("відкритий ключ", "public key"),
    "share": ("частка ключа", "share of the key"),
    "private-key": ("закритий ключ", "private key"),
    "challenge": ("завдання для проби", "task of the rehearsal"),
    "answer": ("відповідь на завдання проби", "answer to the task of the rehearsal"),
}

FAULTS = {
    "not_ours": ("Це не файл церемонії ключа.", "This is not a file of a key ceremony."),
    "cut_short": (
        "Файл обірвано: частини бракує. Візьміть його копію.",
        "The file is cut short. Take a copy of it.",
    ),
    "damaged": (
        "Файл пошкоджено: він уже не такий, яким його записано. Візьміть його копію.",
        "The file is damaged: it is not as it was written. Take a copy of it.",
    ),
    "other_kind": (
        "Тут потрібен інший файл: {wanted}, а це {found}.",
        "Another file is needed here: {wanted}, and this is {found}.",
    ),
    "other_contest": ("Це файл іншого конкурсу: {found}.", "This is a file of another contest: {found}."),
    "one_share": (
        "Одна частка нічого не відкриває: потрібні частки двох утримувачів.",
        "One share opens nothing: the shares of two holders are needed.",
    ),
    "same_holder": (
        "Утримувача № {holder} названо двічі: потрібні частки двох різних.",
        "Holder No. {holder} is given twice: the shares of two different holders are needed.",
    ),
    "shares_of_two_contests": ("Частки з різних конкурсів.", "The shares are of different contests."),
    "shares_of_two_keys": ("Частки від різних ключів.", "The shares are of different keys."),
    "old_share": (
        "Одна з часток стара: після перевипуску дійсні лише нові три.",
        "One of the shares is old: after the shares were made anew only the new three are valid.",
    ),
    "wrong_passphrase": (
        "Парольна фраза утримувача № {holder} не підходить.",
        "The passphrase of holder No. {holder} does not fit.",
    ),
    "short_passphrase": (
        "Парольна фраза утримувача № {holder} закоротка: потрібно щонайменше {least} знаків.",
        "The passphrase of holder No. {holder} is too short: at least {least} characters are needed.",
    ),
    "same_passphrase": (
        "У кожного утримувача має бути своя парольна фраза.",
        "Every holder needs a passphrase of their own.",
    ),
    "differs": ("Двічі набрано різне. Спробуйте ще раз.", "The two entries differ. Try again."),
    "challenge_closed": (
        "Ключ не відкриває цього завдання: його склали для іншого ключа.",
        "The key does not open this task: it was made for another key.",
    ),
    "other_key": ("Завдання складено для іншого ключа.", "The task was made for another key."),
    "exists": ("Файл {name} уже є. Назвіть порожню теку.", "The file {name} is there already. Name an empty folder."),
    "no_file": ("Файлу {name} немає, або його не прочитати.", "The file {name} is not there or cannot be read."),
    "no_place": ("Не вдається записати {name}.", "{name} cannot be written."),
    "no_words": ("Парольної фрази не введено.", "No passphrase was entered."),
    "challenge_needs_out": (
        "Додайте --out: куди записати відповідь на завдання.",
        "Add --out: where to write the answer to the task.",
    ),
}  # fmt: skip

SAID = {
    "ask": ("Парольна фраза утримувача № {holder}", "Passphrase of holder No. {holder}"),
    "ask_new": (
        "Нова парольна фраза утримувача № {holder} (порожньо: скласти випадкову)",
        "New passphrase of holder No. {holder} (blank: make a random one)",
    ),
    "ask_again": ("Ще раз", "Once more"),
    "made_phrase": (
        "Парольна фраза утримувача № {holder}: {phrase}\nЗапишіть її на папері. Інші утримувачі не дивляться.",
        "The passphrase of holder No. {holder}: {phrase}\nWrite it down on paper. The other holders look away.",
    ),
    "contest": ("Конкурс: {contest}", "Contest: {contest}"),
    "title": ("Назва: {title}", "Title: {title}"),
    "kind": ("Файл: {kind}", "File: {kind}"),
    "holder": ("Утримувач: № {holder}", "Holder: No. {holder}"),
    "fingerprint": ("Відбиток ключа: {fingerprint}", "Fingerprint of the key: {fingerprint}"),
    "written": ("Записано: {name}", "Written: {name}"),
    "made": (
        "Ключ готовий. Прочитайте відбиток уголос і запишіть у протокол.\n"
        "Кожну частку – на окремий носій її утримувача; з цього комп’ютера зітріть усі три.\n"
        "На сайт завантажте лише {public}.",
        "The key is ready. Read the fingerprint aloud and enter it in the protocol.\n"
        "Each share goes to a medium of its holder; erase all three from this computer.\n"
        "Upload only {public} to the site.",
    ),
    "pair_opens": (
        "Утримувачі № {one} і № {other} разом відкривають.",
        "Holders No. {one} and No. {other} together open it.",
    ),
    "rehearsed": ("Проба вдалася.", "The rehearsal succeeded."),
    "answered": ("Завантажте {name} на сторінку ключа.", "Upload {name} to the page of the key."),
    "opened": (
        "Закритий ключ зібрано. Завантажте {name} на сторінку ключа, коли голосування завершилося,\n"
        "і зітріть його, щойно скриньку відкрито.",
        "The private key is put together. Upload {name} to the page of the key when the voting has ended,\n"
        "and erase it as soon as the box is open.",
    ),
    "rewrapped": (
        "Три нові частки готові; ключ і його відбиток ті самі.\n"
        "Зітріть обидві старі частки: поки є дві старі, вони теж відкривають скриньку.\n"
        "Загублена сама не відкриє нічого. Запишіть перевипуск із причиною на сторінці ключа.",
        "Three new shares are ready; the key and its fingerprint stay the same.\n"
        "Erase both old shares: as long as two old ones exist, they open the box too.\n"
        "The lost one alone opens nothing. Record this with its reason on the page of the key.",
    ),
}


def said(key: str, language: str, **facts: object) -> str:
    """A line of the tool."""
    return SAID[key][LANGUAGES.index(language)].format(**facts)


def fault_text(fault: KeyFault, language: str) -> str:
    """What is wrong, as a sentence."""
    place = LANGUAGES.index(language)
    named = {
        name: KIND_NAMES[str(value)][place] if name in {"found", "wanted"} and value in KIND_NAMES else value
        for name, value in fault.params.items()
    }
    return FAULTS[fault.code][place].format(**named)
