"""``viche``: the one command. ``viche help`` lists what it does; commands live in config/management/commands."""

import os
import sys

# commands that need no database: the embedded server stays asleep for them
WITHOUT_DATABASE = {
    "makemessages",
    "compilemessages",
    "collectstatic",
    "simulator",
    "witness",
    "rules",
    "help",
    "version",
    "--help",
}


def main(arguments: list[str] | None = None) -> None:
    arguments = list(sys.argv if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "viche.config.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from viche.config import embedded
    from viche.config.env import SettingError

    try:
        place = settings.EMBEDDED_PLACE
        if place is not None and len(arguments) > 1 and arguments[1] not in WITHOUT_DATABASE:
            embedded.use(place, durable=settings.ENVIRONMENT != "test")
    except (SettingError, embedded.EmbeddedError) as error:
        sys.exit(f"viche: {error}")
    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
