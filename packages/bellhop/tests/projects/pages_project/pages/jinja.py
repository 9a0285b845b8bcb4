from jinja2 import Environment

from bellhop.jinja2 import bellhop_bell, bellhop_script


def environment(**options):
    made = Environment(**options)  # noqa: S701 - Django's options have autoescape
    made.globals.update(bellhop_bell=bellhop_bell, bellhop_script=bellhop_script)
    return made
