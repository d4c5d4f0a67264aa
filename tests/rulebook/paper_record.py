"""The public record of a contest that voted on paper, made by hand: what a platform would publish, without one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from village import one_pot, projects_costing

from rulebook.ballot import BallotPaper, commitment
from rulebook.canonical import canonical, digest
from rulebook.counting import count
from rulebook.dossier import Dossier
from rulebook.merkle import Checkpoint, format_note, leaf_hash, root_of
from rulebook.protocols import Protocol, votes_commitment
from rulebook.rules import PaperVoting, Rules
from rulebook.signing import LOG, VerifierKey, public_of, sign_note
from rulebook.tiles import grown
from rulebook.verifying import opened, verify_record
from rulebook.verifying.contest import COUNTS_FORMAT, RESULT_FORMAT
from rulebook.verifying.manifest import Manifest

CONTEST, ORIGIN, SECRET = "village-2026", "village.example/log/2026", bytes(range(32))
NUMBERED, NAMED = PaperVoting(), PaperVoting(is_named=True)
TOTALS = PaperVoting(mode="totals")


@dataclass
class PaperRecord:
    """What a record is made of. Change it, then ``write`` it: whoever made it up has the log's key and all files."""

    paper: PaperVoting
    entries: list[dict[str, Any]] = field(default_factory=list)
    ballots: dict[str, tuple[BallotPaper, bytes]] = field(default_factory=dict)
    left_out: dict[str, tuple[str, str]] = field(default_factory=dict)
    protocols: list[Protocol] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)
    opening: dict[str, Any] = field(default_factory=dict)

    @property
    def rules(self) -> Rules:
        return replace(one_pot(100), paper=self.paper)

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [entry for entry in self.entries if entry["kind"] == kind]

    def say(self, kind: str, /, **data: Any) -> dict[str, Any]:
        """An entry of the log about the contest."""
        entry = {
            "kind": kind, "subject": f"contest:{CONTEST}", "at": "2026-04-12T12:00:00Z",
            "data": {"contest": CONTEST, **data},
        }  # fmt: skip
        self.entries.append(entry)
        return entry

    def seal(self, *projects: str) -> str:
        """A ballot goes into the box; its commitment."""
        paper = BallotPaper.approval(projects)
        nonce = hashlib.sha256(f"nonce {len(self.ballots)}".encode()).digest()
        mark = commitment(CONTEST, paper, nonce).hex()
        self.ballots[mark] = paper, nonce
        self.entries.append(
            {
                "kind": "BallotSealed",
                "subject": f"ballots:{CONTEST}",
                "data": {"commitment": mark, "envelope": ""},
            }
        )
        return mark

    def batch(self, name: str, *sheets: str, kind: str = "entry", invalid: int = 0, **more: Any) -> list[str]:
        """A batch of sheets, each of them a project, is entered and closed."""
        marks = [self.seal(project) for project in sheets]
        more.setdefault("valid", len(sheets))
        self.say("PaperBatchEntered", batch=name, kind=kind, invalid=invalid, source="", scans=0, **more)
        return marks

    def protocol(self, name: str, valid: int, votes: dict[str, int], *, invalid: int = 0) -> None:
        """The totals of a point, as the log has them before the opening: a commitment."""
        committed = votes_commitment(votes, nonce_of(name))
        self.batch(name, kind="totals", valid=valid, invalid=invalid, votes=committed)

    def undo(self, name: str, marks: list[str], valid: int) -> None:
        """The batch is taken back: none of its ballots counts."""
        self.say("PaperBatchUndone", batch=name, valid=valid, reason="Не той пункт")
        self.left_out |= dict.fromkeys(marks, ("taken-back", name))

    def open_box(self) -> None:
        """The log says what is left out and what is opened; the numbers follow from what happened."""
        counted = {mark: self.ballots[mark] for mark in sorted(self.ballots) if mark not in self.left_out}
        total = hashlib.sha256()
        for mark, (paper, _) in counted.items():
            text = canonical(paper.document())
            total.update(bytes.fromhex(mark) + len(text).to_bytes(4, "big") + text)
        for mark in sorted(self.left_out):
            why, act = self.left_out[mark]
            self.say("BallotExcluded", commitment=mark, why=why, annulment=act)
        marks = sum(row["marks"] for row in self.counts["marks"])
        whys = [why for why, _ in self.left_out.values()]
        self.opening = {
            "ballots": len(counted), "marks": marks - whys.count("withdrawn"), "openings": total.hexdigest(),
            "replaced": 0, "annulled": 0, "withdrawn": whys.count("withdrawn"), "taken_back": whys.count("taken-back"),
        }  # fmt: skip
        self.say("BoxOpened", **self.opening)

    def write(self, folder: Path) -> Path:
        """The folder of the record, signed throughout."""
        rules = self.rules
        papers = [paper for mark, (paper, _) in self.ballots.items() if mark not in self.left_out]
        dossier = Dossier.build(
            contest=CONTEST, rules=rules, projects=projects_costing(park=60, slide=50, benches=40), papers=papers,
            protocols=self.protocols,
        )  # fmt: skip
        outcome = count(dossier)
        self.say("CountRun", number=1, dossier=outcome.dossier, outcome=outcome.digest)
        self.say("ResultPublished", number=1, outcome=outcome.digest, funded=len(outcome.funded))
        openings = [
            {"ballot": paper.document(), "commitment": mark, "nonce": nonce.hex()}
            for mark, (paper, nonce) in sorted(self.ballots.items())
            if mark not in self.left_out
        ]
        result = {
            "format": RESULT_FORMAT, "contest": CONTEST, "number": 1, "outcome": outcome.digest,
            "funded": list(outcome.funded), "certifications": 0,
        }  # fmt: skip
        files = {
            "rules.json": canonical(rules.as_document()), "dossier.json": dossier.canonical(),
            "openings.json": canonical(openings), "outcome.json": canonical(outcome.document()),
            "counts.json": canonical(self.counts), "result.json": canonical(result),
            "keys.txt": f"{VerifierKey(ORIGIN, LOG, public_of(SECRET)).text}\n".encode(),
        }  # fmt: skip
        leaves = [
            canonical(entry)
            for entry in [
                {"kind": "RulesFrozen", "subject": f"contest:{CONTEST}", "at": "2026-03-01T12:00:00Z",
                 "data": {"digest": digest(rules.as_document())}},
                *self.entries,
            ]
        ]  # fmt: skip
        files |= {f"log/2026/{name}": content for name, content in grown(0, leaves, lambda name: b"").items()}
        body = Checkpoint(ORIGIN, len(leaves), root_of([leaf_hash(leaf) for leaf in leaves])).body()
        files["log/2026/checkpoint"] = _signed(body)
        manifest = Manifest(CONTEST, {name: hashlib.sha256(files[name]).hexdigest() for name in files})
        files["manifest.txt"] = _signed(manifest.body())
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder

    def faults(self, folder: Path) -> list[str]:
        """What a verification finds wrong."""
        report = verify_record(opened(str(self.write(folder))))
        return [finding.line() for finding in report.findings if finding.kind == "WRONG"]

    def said(self, folder: Path) -> str:
        return "\n".join(verify_record(opened(str(self.write(folder)))).lines())


def _signed(body: str) -> bytes:
    return format_note(body, [sign_note(body, name=ORIGIN, secret=SECRET)]).encode()


def _counts(marks: dict[str, int], envelopes: int, withdrawn: int = 0, **paper: int) -> dict[str, Any]:
    return {
        "format": COUNTS_FORMAT, "contest": CONTEST, "envelopes": envelopes, "replaced": 0, "annulled": 0,
        **({"withdrawn": withdrawn} if withdrawn else {}),
        "marks": [
            {"day": "2026-04-12", "channel": channel, "marks": number} for channel, number in sorted(marks.items())
        ],
        "paper": {"given_out": 0, "entered": 0, "named_taken_back": 0, "taken_back": 0, **paper},
    }  # fmt: skip


def numbered_record() -> PaperRecord:
    """Four voters online, of whom one took the ballot back at a terminal; six were given numbered sheets. Two came in;
    one more was entered with a batch that was taken back, and again with the next; two were invalid or never came.
    """
    record = PaperRecord(NUMBERED)
    online = [record.seal(project) for project in ("park", "park", "slide", "benches")]
    record.say("BallotWithdrawn", annulment="w-1")
    record.left_out[online[3]] = ("withdrawn", "w-1")
    record.batch("batch-1", "slide", "slide", invalid=1)
    wrong = record.batch("batch-2", "park", kind="import")
    record.undo("batch-2", wrong, 1)
    record.batch("batch-3", "benches", kind="import")
    record.counts = _counts({"online": 4, "paper": 6}, 8, 1, given_out=6, entered=4, taken_back=1)
    record.open_box()
    return record


def named_record() -> PaperRecord:
    """Three voters online, four on sheets with names, two of which were entered twice: the first batch was wrong."""
    record = PaperRecord(NAMED)
    for project in ("park", "park", "slide"):
        record.seal(project)
    record.batch("batch-1", "slide", "slide")
    wrong = record.batch("batch-2", "park", "park")
    record.undo("batch-2", wrong, 2)
    record.batch("batch-3", "benches", "park")
    record.counts = _counts({"online": 3, "paper": 4}, 9, named_taken_back=2, taken_back=2)
    record.open_box()
    return record


def nonce_of(batch: str) -> bytes:
    return hashlib.sha256(batch.encode()).digest()


def totals_record() -> PaperRecord:
    """Three voters online; of nine who were given sheets eight are on two protocols, after one was taken back."""
    record = PaperRecord(TOTALS)
    for project in ("park", "park", "slide"):
        record.seal(project)
    record.protocol("point-1", 5, {"park": 2, "slide": 3})
    record.protocol("point-2", 4, {"park": 4})
    record.undo("point-2", [], 4)
    record.protocol("point-3", 3, {"slide": 3}, invalid=1)
    for batch, votes in (("point-1", {"park": 2, "slide": 3}), ("point-3", {"slide": 3})):
        record.say("PaperProtocolShown", batch=batch, votes=votes, nonce=nonce_of(batch).hex())
    record.protocols = [
        Protocol.of("point-1", 5, [("park", 2), ("slide", 3)]), Protocol.of("point-3", 3, [("slide", 3)]),
    ]  # fmt: skip
    record.counts = _counts({"online": 3, "paper": 9}, 3, given_out=9)
    record.open_box()
    return record


def copied(document: Any) -> Any:
    """A copy that can be changed."""
    return json.loads(json.dumps(document))
