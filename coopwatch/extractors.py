"""What makes articles of pages and claims of articles, by name and version; told without loading it."""

from importlib.metadata import version

ARTICLES_VERSION = 3  # of what `extract` and the modules it calls make of a page
ARTICLES = f"trafilatura-{version('trafilatura')}/{ARTICLES_VERSION}"
CLAIMS = "claims-4"
"""Version of what finds claims; changes whenever it would find others."""

IN_FORCE = f"{ARTICLES} {CLAIMS}"
