"""Data Docs: pages with what was expected of the tables and what was found, safe to open.

Importing this module imports Great Expectations, which takes seconds.
"""

from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.render.view.view import DefaultJinjaPageView
from jinja2 import pass_context

_SITE = "coopwatch"
_PAGES = "validations/*/*/*/*.html"  # a page a suite and check; each check writes megabytes


class EscapingPageView(DefaultJinjaPageView):
    """The pages of the library with what stands in the tables as text.

    Its templates escape nothing by themselves (they end in .j2, and it escapes .html), and it does so for
    the words around the values only: a headline that is a script would run in the browser of the operator.
    """

    @pass_context
    def render_content_block(
        self,
        jinja_context: Any,
        content_block: Any,
        index: Any = None,
        content_block_id: Any = None,
        render_to_markdown: bool = False,
    ) -> Any:
        """Render a part of a page; whatever is no part with a type of its own is text."""
        if isinstance(content_block, list):
            shown: Any = [_escape_text(part) for part in content_block]
        else:
            shown = _escape_text(content_block)
        return super().render_content_block(jinja_context, shown, index, content_block_id, render_to_markdown)


def build_docs(context: EphemeralDataContext, folder: Path) -> None:
    """Build the pages of the last check in the place of those of the one before.

    Args:
        context: holds the suites and what was found.
        folder: where to; its `index.html` leads to one page a suite.
    """
    for page in folder.glob(_PAGES):
        page.unlink()
        with suppress(OSError):  # it holds something else
            page.parent.rmdir()
    view = {"module_name": __name__, "class_name": EscapingPageView.__name__}
    section = {"class_name": "DefaultSiteSectionBuilder", "view": view}
    folder.mkdir(parents=True, exist_ok=True)
    config: Any = {  # the type of the library does not tell of sections
        "class_name": "SiteBuilder",
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder.resolve()),
        },
        "site_section_builders": {"expectations": section, "validations": section, "profiling": "None"},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    context.add_data_docs_site(site_name=_SITE, site_config=config)
    context.build_data_docs(site_names=[_SITE])


def _escape_text(part: Any) -> Any:
    return escape(part, quote=False) if isinstance(part, str) else part
