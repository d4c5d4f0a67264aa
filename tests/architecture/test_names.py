"""Names of the house: verbs for what is done, nouns for what is read, no rooms for odds and ends."""

import ast
from pathlib import Path

import pytest
from tests.architecture.house import SRC, name_of, sources

EVERY = sources()
# one file, or a package whose __init__ says which functions are the room's actions
ACTIONS = [path for path in EVERY if path.name == "actions.py" or path.parent.name == "actions"]
ODDS_AND_ENDS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "service",
    "services",
    "misc",
}
VAGUE = ("handle_", "process_", "do_", "perform_")
VERBS = {
    "accept", "add", "admit", "answer", "appeal", "append", "apply", "approve", "archive", "ask",
    "assign", "attach", "brand", "call", "cancel", "cast", "certify", "change", "check", "choose",
    "close", "confirm", "connect", "count", "create", "decide", "declare", "decline", "delay", "delete",
    "describe", "discard", "dismiss", "draw", "drop", "end", "erase", "extend", "follow", "freeze",
    "give", "grant", "hand", "hide", "identify", "implement", "import", "invite", "lapse", "make",
    "mark", "merge", "object", "open", "pair", "pause", "ping", "plan", "prepare", "propose", "publish",
    "push", "queue", "rate", "readdress", "reconcile", "record", "redraw", "refresh", "refuse",
    "remove", "reopen", "report", "request", "reschedule", "resend", "reset", "restart", "restore",
    "resubmit", "resume", "retry", "return", "revise", "revoke", "rotate", "run", "save", "send",
    "sequence", "set", "sign", "skip", "stamp", "start", "stop", "submit", "undo", "upload", "use",
    "withdraw", "witness", "write",
}  # fmt: skip

# Reads that stand beside the writes they serve; what must be done before an irreversible act is asked here too.
READS_IN_ACTIONS = {
    "viche/ballots/actions.py": {
        "issues_before_voting", "openings_digest",
    },
    "viche/communities/actions/codifier.py": {"codifier_changes"},
    "viche/contests/actions/announcing.py": {"schedule_stamp"},
    "viche/contests/actions/checking.py": {"findings", "issues_before_freeze", "warnings_before_freeze"},
    "viche/contests/actions/drafts.py": {"parsed_rules"},
    "viche/contests/actions/freezing.py": {"issues_before_correction"},
    "viche/contests/actions/proposals.py": {"decision_text"},
    "viche/identity/actions/erasing.py": {"issues_before_erasure"},
    "viche/projects/actions/erasing.py": {"issues_before_erasing_author"},
    "viche/identity/actions/people.py": {"person_by_number"},
    "viche/communities/actions/bodies.py": {"is_readdressable"},
    "viche/journal/actions.py": {"leaf_of", "log_of", "unordered_id"},
    "viche/results/actions.py": {"issues_before_publication"},
}  # fmt: skip


def functions(path: Path) -> list[ast.FunctionDef]:
    return [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


def exported(path: Path) -> set[str] | None:
    """What a package of actions gives to other rooms; None for a single file, which gives all that is public."""
    if path.parent.name != "actions":
        return None
    tree = ast.parse((path.parent / "__init__.py").read_text(encoding="utf-8"))
    listed = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    return set(ast.literal_eval(listed))


def public_functions(source: str) -> list[ast.FunctionDef]:
    return [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def badly_formed(action: ast.FunctionDef) -> str:
    """What is wrong with an action's name or arguments; empty when nothing is."""
    verb, _, noun = action.name.partition("_")
    if verb not in VERBS:
        return f"{action.name} does not begin with a known verb"
    given = action.args
    if action.name == "append":  # journal.append(*events, community=…): a list of events is its object
        return "" if not given.args and given.vararg else "append takes *events"
    if not noun:
        return f"{action.name} has no noun"
    if given.args or given.posonlyargs or given.vararg:
        return f"{action.name} takes positional arguments"
    return ""


@pytest.mark.parametrize("path", ACTIONS, ids=name_of)
def test_actions_are_verb_noun_and_keyword_only(path):
    known, shown = READS_IN_ACTIONS.get(name_of(path), set()), exported(path)
    public = [
        each
        for each in public_functions(path.read_text(encoding="utf-8"))
        if shown is None or each.name in shown
    ]
    assert known <= {each.name for each in public}, "a read that is no longer there is taken off the list"
    assert not [fault for each in public if each.name not in known and (fault := badly_formed(each))]


@pytest.mark.parametrize(
    "line",
    ["def project_submit(*, by): ...", "def submit_project(project): ...", "def submit(*, by): ...",
     "def handle_project(*, by): ...", "def open_box(*contests): ..."],
)  # fmt: skip
def test_a_badly_formed_action_is_noticed(line):
    assert badly_formed(public_functions(line)[0])


def test_every_action_says_what_it_refuses_or_writes():
    silent = [
        f"{name_of(path)}: {each.name}"
        for path in ACTIONS
        for each in public_functions(path.read_text(encoding="utf-8"))
        if (shown := exported(path)) is None or each.name in shown
        if each.name not in READS_IN_ACTIONS.get(name_of(path), set()) and not ast.get_docstring(each)
    ]
    assert not silent


def test_no_module_for_odds_and_ends():
    named = {path: set(path.relative_to(SRC).with_suffix("").parts) for path in EVERY}
    assert not [name_of(path) for path, parts in named.items() if parts & ODDS_AND_ENDS]


# names that Django, WSGI servers and http.server call: they are not ours to choose
CALLED_FROM_OUTSIDE = {
    "process_view", "process_exception", "handle_error", "do_GET", "do_HEAD", "do_POST",
    "handle_starttag", "handle_endtag", "handle_data",
}  # fmt: skip


@pytest.mark.parametrize("path", EVERY, ids=name_of)
def test_no_function_hides_what_it_does(path):
    named = [each.name for each in functions(path) if each.name not in CALLED_FROM_OUTSIDE]
    assert not [name for name in named if name.lstrip("_").startswith(VAGUE)]


def test_no_source_file_is_longer_than_500_lines():
    long = {name_of(path): number for path in EVERY if (number := len(path.read_text().splitlines())) > 500}
    assert not long


def test_django_signals_are_not_used():
    """A lower room never calls up: it appends to the journal, and upper rooms read."""
    users = []
    for path in EVERY:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""] if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names] if isinstance(node, ast.Import)
                else []
            )  # fmt: skip
            if any(name == "django.dispatch" or name.endswith(".signals") for name in names):
                users.append(name_of(path))
    assert not users
