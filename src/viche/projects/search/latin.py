"""Ukrainian typed in Latin letters: by the official transliteration, or with the other layout switched on."""

from collections.abc import Iterator
from itertools import islice, product

from simplemma import is_known

from viche.projects.search.words import folded, is_in_dictionary

# Cabinet resolution 55 of 27.01.2010 read backwards; the longest first. What it writes with one sign may have been
# several letters, and the soft sign it does not write at all.
_READINGS: list[tuple[str, tuple[str, ...]]] = [
    ("shch", ("щ",)), ("zgh", ("зг",)),
    ("zh", ("ж",)), ("kh", ("х",)), ("ts", ("ц", "тс")), ("ch", ("ч",)), ("sh", ("ш",)),
    ("ye", ("є",)), ("yi", ("ї", "ий")), ("yu", ("ю",)), ("ya", ("я",)),
    ("ie", ("є", "іє")), ("iu", ("ю", "ію")), ("ia", ("я", "ія")), ("ii", ("ії", "ій")),
    ("a", ("а",)), ("b", ("б",)), ("c", ("к", "ц")), ("d", ("д",)), ("e", ("е",)), ("f", ("ф",)), ("g", ("г",)),
    ("h", ("г",)), ("i", ("і", "ї", "й", "и")), ("j", ("й",)), ("k", ("к",)), ("l", ("л",)), ("m", ("м",)),
    ("n", ("н",)), ("o", ("о",)), ("p", ("п",)), ("q", ("к",)), ("r", ("р",)), ("s", ("с",)), ("t", ("т",)),
    ("u", ("у",)), ("v", ("в",)), ("w", ("в",)), ("x", ("кс",)), ("y", ("и", "й", "ий")), ("z", ("з",)),
]  # fmt: skip
_VOWELS = set("аеєиіїоуюя")
# consonants after which a soft sign stands in writing
_SOFTENED = set("дзлнстц")
_SLIPPED = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`\\",
    "йцукенгшщзхїфівапролджєячсмитьбю'ґ",
)  # fmt: skip
TRIED, KEPT = 400, 4


def is_latin(text: str) -> bool:
    return any("a" <= letter <= "z" for letter in text) and text.isascii()


def readings(word: str) -> list[str]:
    """Ukrainian words that a word in Latin letters may stand for: those the dictionary knows, else the plainest."""
    tried = list(dict.fromkeys(islice(_spelled(word), TRIED)))
    # by the dictionary itself first: its rules for endings also accept much that is no word
    known = [each for each in tried if is_known(each, lang="uk")] or [
        each for each in tried if is_in_dictionary(each)
    ]
    return (known or tried[:1])[:KEPT]


def _spelled(word: str) -> Iterator[str]:
    choices: list[tuple[str, ...]] = []
    place, before = 0, ""
    while place < len(word):
        signs, letters = next(
            ((signs, letters) for signs, letters in _READINGS if word.startswith(signs, place)),
            (word[place], (word[place],)),
        )
        place += len(signs)
        after = word[place : place + 1]
        if signs == "i" and before in _VOWELS:
            letters = ("й", "ї", "і")
        elif signs == "i":
            letters = ("і", "и")
        if letters[-1] in _SOFTENED and len(signs) < 3 and after not in set("aeiouy"):
            letters = (*letters, f"{letters[0]}ь")
        choices.append(letters)
        before = letters[0][-1]
    # few changes from the plainest spelling first
    yield "".join(letters[0] for letters in choices)
    open_places = [number for number, letters in enumerate(choices) if len(letters) > 1][:8]
    every = product(*(range(len(choices[number])) for number in open_places))
    for picked in sorted(every, key=lambda pick: (sum(1 for each in pick if each), pick)):
        at = dict(zip(open_places, picked, strict=True))
        yield "".join(letters[at.get(number, 0)] for number, letters in enumerate(choices))


def slipped(text: str) -> str:
    """What the same keys give with the Ukrainian layout; empty where that is no word."""
    turned = folded(text.casefold().translate(_SLIPPED)).strip("'")
    return (
        turned
        if len(turned) > 1 and all(part.isalpha() for part in turned.replace("'", "-").split("-"))
        else ""
    )
