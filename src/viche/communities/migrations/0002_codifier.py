"""Load the codifier (КАТОТТГ): 31,744 territories."""

from django.db import migrations

from viche.communities.codifier import load_into


def load(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        load_into(cursor)


class Migration(migrations.Migration):
    dependencies = [("communities", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
