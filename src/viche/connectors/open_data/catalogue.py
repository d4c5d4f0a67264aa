"""The catalogue by DCAT-AP 3: a body's or the platform's contests as data sets, each file a distribution.

What data.gov.ua asks of a passport (title, description, keywords, publisher with its code, contact, frequency, licence,
dates, languages, formats) stands in the same statements, so that it can be harvested as it is.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings

from viche.communities.models import Community
from viche.connectors.open_data.files import FILES, FINAL, LIVING, RESEARCH, DataFile
from viche.connectors.open_data.graph import Iri, Literal, Node, in_languages
from viche.connectors.open_data.licences import LICENCES, USUAL, Licence
from viche.connectors.open_data.models import Terms
from viche.connectors.open_data.places import body_address, contest_address, platform_address
from viche.connectors.open_data.queries import Set, changed_at, is_published, terms_of, written_set
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.foundation.clock import KYIV

_LISTS = "http://publications.europa.eu/resource/authority"
LANGUAGES = {"uk": Iri(f"{_LISTS}/language/UKR"), "en": Iri(f"{_LISTS}/language/ENG")}
THEME = Iri(f"{_LISTS}/data-theme/GOVE")
UKRAINE = Iri(f"{_LISTS}/country/UKR")
DAILY, NEVER = Iri(f"{_LISTS}/frequency/DAILY"), Iri(f"{_LISTS}/frequency/NOT_PLANNED")
RESOLUTION_OF_CODIFIER = Iri("https://zakon.rada.gov.ua/rada/show/v0290935-20")
"""The codifier of territories (KATOTTH), order 290 of the Ministry for Communities of 26.11.2020."""
RESOLUTION = Iri("https://zakon.rada.gov.ua/laws/show/835-2015-%D0%BF")

KEYWORDS = {
    "uk": ("громадський бюджет", "бюджет участі", "проєкти", "голосування", "місцеве самоврядування"),
    "en": ("participatory budgeting", "projects", "voting", "local government"),
}
TITLES = {
    "uk": "Дані громадського бюджету: проєкти, результати голосування, реалізація підтриманих проєктів",
    "en": "Participatory budget: projects, votes, implementation of the winners",
}


def contest_title(contest: Contest, language: str) -> str:
    """«Громадський бюджет 2026, м. Полтава»."""
    title = contest.title.get(language) or contest.title.get("uk", "")
    return f"{title}, {contest.community.name.get(language) or contest.community.name.get('uk', '')}"


def description_of(contest: Contest) -> dict[str, str]:
    """What the data set is, in both languages; of an imported election, whose data it was."""
    note = f" {contest.source_note}" if contest.source_note else ""
    return {
        "uk": f"Проєкти, результати голосування і втілення переможців конкурсу «{contest.title.get('uk', '')}»."
        f" Персональних даних виборців немає.{note}",
        "en": f"Projects, votes and implementation of the contest “{contest.title.get('en') or contest.title['uk']}”."
        f" No personal data of voters.{note}",
    }


def catalogue(community: Community) -> Iterator[Node]:
    """The catalogue of one body and every node it names."""
    titles = {language: f"{title}. {community.name.get(language, '')}" for language, title in TITLES.items()}
    yield from _catalogue(body_address(community, "data"), titles, [community])


def platform_catalogue(communities: Iterable[Community]) -> Iterator[Node]:
    """One catalogue of every body of the platform."""
    yield from _catalogue(platform_address("platform-data"), TITLES, list(communities))


def _catalogue(address: str, titles: dict[str, str], communities: list[Community]) -> Iterator[Node]:
    contests = {each.pk: list(opened_contests_of(each)) for each in communities}
    every = [contest for found in contests.values() for contest in found]
    own = communities[0] if len(communities) == 1 else None
    node = Node(f"{address}#catalog", ["dcat:Catalog"])
    node.say("dct:title", *in_languages(titles)).say("dct:description", *in_languages(titles))
    node.say("dct:publisher", Iri(_publisher_address(own))).say("foaf:homepage", Iri(address))
    node.say("dct:language", *LANGUAGES.values()).say("dct:spatial", _place(own.code) if own else UKRAINE)
    node.say("dct:license", Iri((_licence(terms_of(own)) if own else LICENCES[USUAL]).url))
    node.say("dcat:themeTaxonomy", Iri(f"{_LISTS}/data-theme"))
    moments = [changed_at(contest) for contest in every]
    node.say("dct:modified", _moment(max(moments)) if moments else None)
    node.say("dct:issued", _moment(min(contest.created_at for contest in every)) if every else None)
    node.say("dcat:dataset", *(Iri(dataset_address(contest)) for contest in every))
    yield node
    if own is None:
        yield Node(_publisher_address(None), ["foaf:Agent"]).say("foaf:name", Literal("Віче", language="uk"))
    for community in communities:
        terms = terms_of(community)
        yield _publisher(community, terms)
        for contest in contests[community.pk]:
            contest.community = community
            yield from dataset(contest, terms)


def dataset_address(contest: Contest) -> str:
    """What the catalogue calls the data set of a contest."""
    return f"{contest_address(contest, 'contest-data')}#dataset"


def dataset(contest: Contest, terms: Terms | None) -> Iterator[Node]:
    """The data set of one contest and its distributions."""
    sets = {part: written_set(contest, part) for part in (LIVING, FINAL)}
    published = is_published(contest)
    here = [file for file in FILES if not file.about and (file.part == LIVING or published)]
    here = [file for file in here if not _is_missing(file, sets[file.part])]
    community, page = contest.community, contest_address(contest, "contest-data")
    node = Node(dataset_address(contest), ["dcat:Dataset"])
    node.say("dct:identifier", Literal(dataset_address(contest)))
    node.say("dct:title", *in_languages({each: contest_title(contest, each) for each in ("uk", "en")}))
    node.say("dct:description", *in_languages(description_of(contest)))
    node.say(
        "dcat:keyword", *(Literal(word, language=each) for each, found in KEYWORDS.items() for word in found)
    )
    node.say("dct:publisher", Iri(_publisher_address(community))).say(
        "dcat:contactPoint", _contact(community, terms)
    )
    node.say("dcat:theme", THEME).say("dct:language", *LANGUAGES.values()).say("dcat:landingPage", Iri(page))
    node.say("dct:spatial", _place(community.code)).say("dct:temporal", _period(contest))
    node.say("dct:accrualPeriodicity", NEVER if contest.origin else DAILY)
    node.say("dct:issued", _moment(contest.created_at)).say("dct:modified", _moment(changed_at(contest)))
    node.say("dct:conformsTo", RESOLUTION)
    node.say("dct:accessRights", Iri(f"{_LISTS}/access-right/PUBLIC"))
    node.say("dcat:distribution", *(Iri(_file_address(contest, file)) for file in (*here, RESEARCH)))
    yield node
    for file in here:
        yield _distribution(contest, file, sets[file.part], _licence(terms))
    yield _distribution(contest, RESEARCH, None, _licence(terms))


def _is_missing(file: DataFile, found: Set | None) -> bool:
    return found is not None and file.name not in found.files


def _distribution(contest: Contest, file: DataFile, found: Set | None, licence: Licence) -> Node:
    """One file. Its size and hash are said where it is written already."""
    address = contest_address(contest, "contest-data-file", file.name)
    node = Node(_file_address(contest, file), ["dcat:Distribution"])
    node.say("dct:title", Literal(file.name)).say("dct:description", *in_languages(file.says))
    node.say("dcat:accessURL", Iri(contest_address(contest, "contest-data"))).say(
        "dcat:downloadURL", Iri(address)
    )
    node.say("dcat:mediaType", Iri(file.type_address))
    node.say("dct:format", Iri(file.format_address) if file.format_address else None)
    node.say("dct:license", Iri(licence.url)).say(
        "dct:conformsTo", Iri(file.conforms_to) if file.conforms_to else None
    )
    node.say("dct:language", LANGUAGES["uk"])
    if found is not None:
        written = found.files[file.name]
        node.say("dcat:byteSize", Literal(str(written.size), kind="xsd:nonNegativeInteger"))
        checksum = Node("", ["spdx:Checksum"])
        checksum.say("spdx:algorithm", Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"))
        checksum.say("spdx:checksumValue", Literal(written.sha256, kind="xsd:hexBinary"))
        node.say("spdx:checksum", checksum)
    return node


def _file_address(contest: Contest, file: DataFile) -> str:
    return f"{contest_address(contest, 'contest-data')}#{file.name}"


def _publisher_address(community: Community | None) -> str:
    return f"{body_address(community, 'home') if community else settings.PUBLIC_ADDRESS + '/'}#publisher"


def _publisher(community: Community, terms: Terms | None) -> Node:
    node = Node(_publisher_address(community), ["foaf:Agent"])
    node.say("foaf:name", *in_languages(community.name))
    node.say("dct:identifier", Literal(terms.edrpou) if terms and terms.edrpou else None)
    return node.say("foaf:homepage", Iri(community.website) if community.website else None)


def _contact(community: Community, terms: Terms | None) -> Node:
    node = Node("", ["vcard:Organization"]).say("vcard:fn", *in_languages(community.name))
    mailbox = (terms.mailbox if terms else "") or community.contact_email
    node.say("vcard:hasEmail", Iri(f"mailto:{mailbox}") if mailbox else None)
    return node.say("vcard:hasURL", None if mailbox else Iri(body_address(community, "contact")))


def _licence(terms: Terms | None) -> Licence:
    return LICENCES.get(terms.licence if terms else USUAL, LICENCES[USUAL])


def _place(code: str) -> Node:
    """A territory by its code of the codifier."""
    notation = Node("", ["adms:Identifier"]).say("skos:notation", Literal(code))
    notation.say("dct:creator", RESOLUTION_OF_CODIFIER)
    return Node("", ["dct:Location"]).say("dct:identifier", Literal(code)).say("adms:identifier", notation)


def _period(contest: Contest) -> Node | None:
    windows = contest.schedule
    if not windows:
        return None
    ends = [window.ends_at for window in windows]
    node = Node("", ["dct:PeriodOfTime"]).say("dcat:startDate", _day(windows[0].starts_at))
    last = [end for end in ends if end is not None]
    is_open = any(end is None for end in ends)
    return node.say(
        "dcat:endDate", None if is_open or not last else _day(max(last) - timedelta(microseconds=1))
    )


def _day(moment: datetime) -> Literal:
    return Literal(moment.astimezone(KYIV).date().isoformat(), kind="xsd:date")


def _moment(moment: datetime) -> Literal:
    return Literal(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), kind="xsd:dateTime")
