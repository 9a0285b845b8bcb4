"""What a page of the package extends: the project's base.html where that shows the block the list stands in, else the
package's own.

A child's blocks that its parent does not have are shown nowhere, and without an error: the list would be missing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.template import Context
from django.template.backends.django import Template
from django.template.base import VariableNode
from django.template.loader_tags import BlockNode, ExtendsNode

PAGE: Final = "bellhop/inbox.html"
BASE: Final = "base.html"
OWN_BASE: Final = "bellhop/base.html"
CONTENT: Final = "content"
"""The block of the base that the list stands in."""


def base_of(page: Any) -> Any:
    """Return what a page of the package may extend; None where the page is none of Django's templates.

    It is of the page's own engine: a project may have a base.html for Jinja2, too. A page of the project's own knows
    the blocks of its base.
    """
    if not isinstance(page, Template):
        return None
    base = _first_base(page)
    is_fit = not _is_ours(page) or _shows(base, CONTENT)
    return base if is_fit else page.backend.engine.get_template(OWN_BASE)


def lacks_content(page: Any) -> bool:
    """Return whether the project has a base.html, and the list would not be seen in it."""
    if not isinstance(page, Template) or not _is_ours(page):
        return False
    return not _shows(_first_base(page), CONTENT)


def _first_base(page: Template) -> Any:
    return page.backend.engine.select_template([BASE, OWN_BASE])


def _is_ours(page: Any) -> bool:
    """Return whether this is the package's own template, and not one that a project has put in its place."""
    own = Path(apps.get_app_config("bellhop").path, "templates", page.origin.template_name)
    return Path(page.origin.name).resolve() == own.resolve()


def _shows(template: Any, name: str) -> bool:
    """Return whether a child of the template that fills the block of that name is seen.

    Where the template extends one whose name is known only in a request, what it has itself must do.
    """
    blocks: dict[str, list[Any]] = {}
    *children, root = _with_parents(template)
    for each in children:
        for block in each.nodelist.get_nodes_by_type(BlockNode):
            blocks.setdefault(block.name, []).append(block)
    return _reaches(root.nodelist, name, blocks)


def _with_parents(template: Any) -> Iterator[Any]:
    """Yield the template and what it extends, the root last. Raises TemplateDoesNotExist as rendering it would."""
    # Of one context, so that Django notices a template that extends another of the same name.
    context = Context()
    while True:
        yield template
        extends: Any = next(
            (node for node in template.nodelist if isinstance(node, ExtendsNode)), None
        )
        if extends is None or extends.parent_name.is_var:
            return
        context.template = template
        template = extends.get_parent(context)


def _reaches(nodes: Any, name: str, blocks: dict[str, list[Any]]) -> bool:
    """Return whether a block of that name is among the nodes as they are rendered: each block as its youngest child
    has it, and what that one shows of its parent's by `block.super`.
    """
    for node in nodes:
        versions = [node]
        if isinstance(node, BlockNode):
            if node.name == name:
                return True
            versions = [*blocks.get(node.name, ()), node]
        for version in versions:
            inner = [
                getattr(version, attribute, None) or () for attribute in version.child_nodelists
            ]
            if any(_reaches(each, name, blocks) for each in inner):
                return True
            if not isinstance(version, BlockNode) or not _shows_parent(version):
                break
    return False


def _shows_parent(block: BlockNode) -> bool:
    variables: Any = block.nodelist.get_nodes_by_type(VariableNode)
    return any(each.filter_expression.token.startswith("block.super") for each in variables)
