"""Load the codifier (КАТОТТГ): 31,744 territories, by COPY."""

from django.db import migrations

from viche.communities.codifier import rows


def load(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor, cursor.copy(
        "COPY communities_territory (code, parent_id, category, name, search_name, path) FROM STDIN"
    ) as copy:
        for row in rows():
            copy.write_row(row)


class Migration(migrations.Migration):
    dependencies = [("communities", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
