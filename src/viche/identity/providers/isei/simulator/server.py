"""The simulator of id.gov.ua as an HTTP server."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from viche.identity.providers.isei.simulator import pages
from viche.identity.providers.isei.simulator.faults import FAULTS
from viche.identity.providers.isei.simulator.protocol import Protocol, RequestRefused
from viche.identity.providers.simulation import Answer, CastMember, Simulator

HTML_KIND = "text/html; charset=windows-1251"


class IseiAnswer(Answer):
    server: "SimulatorServer"
    paths = frozenset({"/", "/choose", "/simulator.css", "/get-access-token", "/get-user-info"})

    def route(self, path: str, parameters: dict[str, str]) -> None:
        if path == "/get-access-token":
            self._token(parameters)
        elif path == "/get-user-info":
            self._info(parameters)
        elif path == "/" or (path == "/choose" and self.command == "POST"):
            self._pages(path, parameters)
        else:
            self.send(404, b"not found", "text/plain; charset=utf-8")

    def _pages(self, path: str, parameters: dict[str, str]) -> None:
        language = "en" if parameters.get("lang") == "en" else "uk"
        protocol = self.server.protocol
        try:
            request = protocol.authorize_request(parameters)
        except RequestRefused as refusal:
            self.html(400, pages.refusal_page(language, str(refusal)))
            return
        site = urlsplit(request.redirect_uri)
        # browsers hold a form to form-action through the redirect that answers it, so the site is named too
        origin = f"{site.scheme}://{site.netloc}"
        if path == "/":
            self.html(200, pages.choice_page(request, self.server.cast, language), origin)
            return
        if parameters.get("cancel"):
            self.redirect(request.answer_url(error="access_denied", state=request.state))
            return
        person = self.server.people.get(parameters.get("person", ""))
        method, fault = parameters.get("method", ""), parameters.get("fault", "")
        problem = ""
        if person is None or method not in request.methods or (fault and fault not in FAULTS):
            problem = pages.TEXTS[language]["unknown_choice"]
        elif method not in person.methods:
            problem = pages.wrong_choice(person, language)
        if problem or person is None:
            page = pages.choice_page(
                request, self.server.cast, language, problem=problem, chosen=method, fault=fault
            )
            self.html(400, page, origin)
            return
        state = request.state[::-1] + "0" if fault == "wrong_state" else request.state
        self.redirect(request.answer_url(code=protocol.issue_code(person, method, fault), state=state))

    def _token(self, parameters: dict[str, str]) -> None:
        grant = self.server.protocol.grant_of_code(parameters.get("code", ""))
        fault = grant.fault if grant else ""
        if not self.misbehaves(fault, "token"):
            self.json(
                *self.server.protocol.token_answer(parameters),
                kind=HTML_KIND if fault == "token_type" else "",
            )

    def _info(self, parameters: dict[str, str]) -> None:
        grant = self.server.protocol.grant_of_token(parameters.get("access_token", ""))
        fault = grant.fault if grant else ""
        if not self.misbehaves(fault, "info"):
            status, document = self.server.protocol.info_answer(parameters)
            self.json(
                status,
                document,
                kind=HTML_KIND if fault == "info_type" else "",
                trickle=fault == "info_trickle",
            )


class SimulatorServer(Simulator):
    """See Simulator. cast: whom one can be."""

    answer = IseiAnswer

    def __init__(
        self, *, cast: Sequence[CastMember], protocol: Protocol, host: str, port: int, allow: Sequence[str] = (),
        environment: str = "", slow_seconds: float = 15,
    ) -> None:  # fmt: skip
        super().__init__(
            host=host, port=port, allow=allow, environment=environment, slow_seconds=slow_seconds
        )
        self.cast = tuple(cast)
        self.people = {person.key: person for person in cast}
        self.protocol = protocol
