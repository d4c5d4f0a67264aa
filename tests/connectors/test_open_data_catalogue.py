"""The catalogue by DCAT-AP: valid by shapes written from the specification, the same in all three forms."""

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from tests import given
from tests.connectors.finished import finished_contest, voted_contest

from viche.connectors.open_data import graph
from viche.connectors.open_data.actions import prepare_part, set_terms
from viche.connectors.open_data.catalogue import catalogue, platform_catalogue
from viche.connectors.open_data.files import FINAL, LIVING
from viche.contests.models import Contest

SHAPES = Path(__file__).parents[1] / "data" / "dcat" / "dcat-ap-3-mandatory.ttl"
SPDX = Namespace("http://spdx.org/rdf/terms#")
BODY = "http://localhost/poltava"


def read(contest: Contest, form: str = "turtle") -> Graph:
    write = {"turtle": graph.turtle, "json-ld": graph.jsonld, "xml": graph.rdf_xml}[form]
    return Graph().parse(data="".join(write(catalogue(contest.community))), format=form)


@pytest.fixture
def contest(db: None) -> Contest:
    made = finished_contest(20)
    for part in (LIVING, FINAL):
        prepare_part(contest=made, part=part)
    return made


def faults(found: Graph) -> str:
    conforms, _graph, text = validate(found, shacl_graph=Graph().parse(SHAPES))
    return "" if conforms else text


class TestCatalogue:
    def test_it_is_valid(self, contest: Contest):
        assert faults(read(contest)) == ""

    @pytest.mark.parametrize(
        ("subject", "predicate"),
        [
            (f"{BODY}/data/#catalog", DCTERMS.publisher),
            (f"{BODY}/2026/data/#dataset", DCTERMS.title),
            (f"{BODY}/2026/data/#projects.csv", DCAT.accessURL),
            (f"{BODY}/#publisher", FOAF.name),
        ],
    )
    def test_the_shapes_do_look(self, contest: Contest, subject: str, predicate: URIRef):
        found = read(contest)
        assert (URIRef(subject), predicate, None) in found
        found.remove((URIRef(subject), predicate, None))
        assert faults(found)

    @pytest.mark.parametrize("form", ["json-ld", "xml"])
    def test_all_three_forms_say_the_same(self, contest: Contest, form: str):
        assert isomorphic(read(contest), read(contest, form))

    def test_every_file_is_there_with_size_and_hash(self, contest: Contest):
        found = read(contest)
        files = {str(each).rpartition("#")[2] for each in found.subjects(RDF.type, DCAT.Distribution)}
        assert files == {
            "projects.csv", "votings.csv", "works.csv", "projects.xlsx", "projects.geojson", "dictionary.json",
            "contest.json", "contest.pb", "research.zip",
        }  # fmt: skip
        written = prepare_part(contest=contest, part=FINAL).files["votings.csv"]
        node = URIRef(f"{BODY}/2026/data/#votings.csv")
        assert int(found.value(node, DCAT.byteSize)) == written.size
        [checksum] = found.objects(node, SPDX.checksum)
        assert str(found.value(checksum, SPDX.checksumValue).value.hex()) == written.sha256

    def test_before_the_result_votes_are_no_distribution(self, db: None):
        found = read(voted_contest(5))
        files = {str(each).rpartition("#")[2] for each in found.subjects(RDF.type, DCAT.Distribution)}
        assert not files & {"votings.csv", "contest.pb", "contest.json"}
        assert faults(found) == ""

    def test_licence_code_and_mailbox_are_those_of_the_body(self, contest: Contest):
        by = given.official("Віктор", "administrator", contest.community)
        set_terms(
            community=contest.community,
            licence="cc0-1.0",
            edrpou="24388285",
            mailbox="data@rada.example",
            by=by,
        )
        found = read(contest)
        licences = set(found.objects(None, DCTERMS.license))
        assert licences == {URIRef("https://creativecommons.org/publicdomain/zero/1.0/")}
        assert (URIRef(f"{BODY}/#publisher"), DCTERMS.identifier, Literal("24388285")) in found
        assert (None, None, URIRef("mailto:data@rada.example")) in found

    def test_the_platforms_catalogue_holds_every_body(self, contest: Contest):
        lviv = given.contest(given.community(given.LVIV), slug="lviv")
        text = "".join(graph.turtle(platform_catalogue([contest.community, lviv.community])))
        found = Graph().parse(data=text, format="turtle")
        assert faults(found) == ""
        assert len(set(found.objects(None, DCAT.dataset))) == 2


class TestGraph:
    @pytest.mark.parametrize("text", ['"', "\\", "\n\r\t", "<&>]]>", "«Ґ» 😀", "\u2028", "a\\u0041"])
    def test_any_text_comes_back_from_every_form(self, text: str):
        node = graph.Node("http://a.example/x", ["dcat:Dataset"]).say(
            "dct:title", graph.Literal(text, language="uk")
        )
        for write, form in ((graph.turtle, "turtle"), (graph.jsonld, "json-ld"), (graph.rdf_xml, "xml")):
            found = Graph().parse(data="".join(write([node])), format=form)
            # XML makes one line end of every kind
            wanted = text.replace("\n\r", "\n\n") if form == "xml" else text
            assert str(found.value(URIRef("http://a.example/x"), DCTERMS.title)) == wanted

    def test_an_address_cannot_leave_its_brackets(self):
        node = graph.Node("http://a.example/x> <y", ["dcat:Dataset"])
        assert "<http://a.example/x%3E%20%3Cy>" in "".join(graph.turtle([node]))
