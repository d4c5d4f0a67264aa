"""Load the names that territories bore before 2016 to 2024."""

from django.db import migrations

from viche.communities.codifier import load_former_names_into


def load(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        load_former_names_into(cursor)


class Migration(migrations.Migration):
    dependencies = [("communities", "0004_own_districts_and_editions")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
