"""The Python client: what it sends again, and what it does not."""

import httpx
import pytest
import viche_client

ETAG = {"ETag": '"1"'}


def client(*answers: httpx.Response | type[httpx.TransportError]) -> tuple[object, list[httpx.Request]]:
    """A client whose server gives these answers, one a request, and what it was asked."""
    left, asked = list(answers), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        found = left.pop(0)
        if isinstance(found, httpx.Response):
            return found
        raise found("broken")

    made = viche_client.Viche("https://viche.example")
    made._http = httpx.Client(base_url="https://viche.example/api/v1/", transport=httpx.MockTransport(answer))
    return made, asked


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr("viche_client.client.time.sleep", lambda _seconds: None)


@pytest.mark.parametrize(
    "lost",
    [httpx.Response(502), httpx.Response(503), httpx.Response(504), httpx.ReadTimeout, httpx.ReadError],
)
def test_a_change_that_may_have_been_done_is_not_sent_again(lost):
    made, asked = client(httpx.Response(200, headers=ETAG, json={}), lost)
    with pytest.raises(viche_client.OutcomeUnknown, match="outcome is unknown"):
        made.change_work("poltava", "2026", 1, {"paid": 1})
    assert [each.method for each in asked] == ["GET", "PATCH"]


@pytest.mark.parametrize("unsent", [httpx.Response(429, headers={"Retry-After": "1"}), httpx.ConnectError])
def test_a_change_that_was_not_taken_is_sent_again(unsent):
    made, asked = client(
        httpx.Response(200, headers=ETAG, json={}), unsent, httpx.Response(200, json={"version": 1})
    )
    made.replace_register("poltava", b"")
    assert [each.method for each in asked] == ["GET", "PUT", "PUT"]


def test_what_is_added_is_sent_again_with_its_key():
    made, asked = client(httpx.ReadError, httpx.Response(503), httpx.Response(201, json={}))
    made.decide("poltava", "2026", 1, {"stage": "", "verdict": "admit"}, key="decision-0001")
    assert {each.headers["Idempotency-Key"] for each in asked} == {"decision-0001"}
    assert len(asked) == 3


def test_figures_are_read_at_their_addresses():
    made, asked = client(
        httpx.Response(200, json={"items": []}),
        *(httpx.Response(200, json={}) for _ in range(3)),
        httpx.Response(200, json={"items": []}),
    )
    made.figures("poltava", "2026")
    made.figure("poltava", "2026", "winners")
    made.years("poltava")
    made.region("UA53000000000028050")
    made.official_reports("poltava", "2026")
    assert [each.url.path.removeprefix("/api/v1/") for each in asked] == [
        "communities/poltava/contests/2026/figures", "communities/poltava/contests/2026/figures/winners",
        "communities/poltava/years", "regions/UA53000000000028050",
        "communities/poltava/contests/2026/official-reports",
    ]  # fmt: skip
