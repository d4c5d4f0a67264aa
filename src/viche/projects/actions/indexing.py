"""What the search knows of projects."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import prefetch_related_objects

from viche.communities.models import Territory
from viche.projects.models import Project, SearchWord, State, TeamMember
from viche.projects.search import lexemes_of, vector_of
from viche.projects.search.asking import code_of
from viche.projects.search.words import LONGEST

__all__ = ["index_project", "index_projects"]
BATCH = 500


def index_project(project: Project) -> None:
    """index_projects for one."""
    index_projects([project])


def index_projects(projects: Iterable[Project]) -> int:
    """Write the words of submitted projects for the search; after every change of what a project or its team says.

    Drafts are left out: what is not submitted is found by nobody. Two statements for each 500 projects and one for the
    words that are new to the body, in a transaction; no journal entry: it can be made anew at any time from what the
    projects say. Returns how many were written.
    """
    done = 0
    wanted = [project for project in projects if project.state != State.DRAFT and project.number]
    for start in range(0, len(wanted), BATCH):
        done += _index(wanted[start : start + BATCH])
    return done


def _index(projects: Sequence[Project]) -> int:
    prefetch_related_objects(list(projects), "territory", "community__territory")
    names = _names_of_team(projects)
    places = _names_of_places(projects)
    rows, words = [], dict[UUID, set[str]]()
    for project in projects:
        title, title_forms = lexemes_of(project.title)
        place = [
            *names.get(project.pk, []),
            *places.get(project.pk, []),
            project.place_name,
            project.author_name,
        ]
        place_words, place_forms = lexemes_of(" ".join(place))
        summary, summary_forms = lexemes_of(project.summary)
        text, text_forms = lexemes_of(project.text)
        own = [f"#{project.number}", f"#{code_of(project.code)}"] if project.code else [f"#{project.number}"]
        head = (
            vector_of([*title, *own], "A"), vector_of(title_forms, "B"),
            vector_of([*place_words, *place_forms], "C"), vector_of([*summary, *summary_forms], "D"),
        )  # fmt: skip
        every = [
            *own, *title, *title_forms, *place_words, *place_forms, *summary, *summary_forms, *text, *text_forms,
        ]  # fmt: skip
        rows.append((project.pk, " ".join(head), vector_of(every)))
        said = {*title, *place_words, *summary, *text}
        words.setdefault(project.community_id, set()).update(
            word[:LONGEST] for word in said if len(word) > 3 and not word.isdigit()
        )
    with transaction.atomic():
        _write(rows)
        for community, found in words.items():
            known = set(
                SearchWord.objects.filter(community=community, word__in=found).values_list("word", flat=True)
            )
            # in one order, so that two who add the same words wait for each other and never in a circle
            fresh = [SearchWord(community_id=community, word=word) for word in sorted(found - known)]
            SearchWord.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    return len(rows)


def _write(rows: Sequence[tuple[UUID, str, str]]) -> None:
    """One statement for all: written out and cast, as PostgreSQL's own parser would cut our lexemes anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE projects_project AS p SET search_head = v.head::tsvector, search = v.search::tsvector "
            "FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS v(id, head, search) WHERE p.id = v.id",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _names_of_team(projects: Sequence[Project]) -> dict[UUID, list[str]]:
    """The co-authors who agreed that their names stand there."""
    members = TeamMember.objects.filter(
        project__in=projects, state=TeamMember.State.CONFIRMED, shows_name=True
    ).select_related("person")
    found: dict[UUID, list[str]] = {}
    for member in members:
        name = member.person.display_name if member.person else member.name
        found.setdefault(member.project_id, []).append(name)
    return found


def _names_of_places(projects: Sequence[Project]) -> dict[UUID, list[str]]:
    """The names of each project's territory and of those around it, inside the body: the body itself says nothing."""
    codes: dict[UUID, list[str]] = {}
    for project in projects:
        inside = project.territory.path.removeprefix(project.community.territory.path)
        codes[project.pk] = [code for code in inside.split("/") if code]
    names = dict(
        Territory.objects.filter(code__in={code for each in codes.values() for code in each}).values_list(
            "code", "name"
        )
    )
    return {pk: [names[code] for code in each if code in names] for pk, each in codes.items()}
