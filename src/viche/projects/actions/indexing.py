"""What the search knows of a project."""

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from viche.projects.models import Project
from viche.projects.search import vector_text


def index_project(project: Project) -> None:
    """Write the words of a submitted project for the search; after every change of what it says."""
    main = vector_text(f"{project.title} {project.number} {project.code}")
    rest = vector_text(
        f"{project.summary} {project.place_name} {project.author_name} {project.territory.name}"
    )
    Project.objects.filter(pk=project.pk).update(
        search=SearchVector(Value(main), config="simple", weight="A")
        + SearchVector(Value(rest), config="simple", weight="B")
        + SearchVector(Value(vector_text(project.text)), config="simple", weight="D")
    )
