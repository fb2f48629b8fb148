#!/usr/bin/env python
"""The command line of the blog: `python manage.py help` lists what it can do."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import DatabaseError
    except ImportError:
        sys.exit("Django is not installed here. Run `make setup`, then use .venv/bin/python.")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"The settings do not hold together: {error}")
    except DatabaseError as error:
        if "--traceback" in sys.argv:
            raise
        said = str(error).strip().splitlines()[:1] or [type(error).__name__]
        sys.exit(f"The database refused: {said[0]}. Has `manage.py migrate` been run?")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
