"""The two URLs of an article: the one to fetch and the one to compare.

The first is what the publisher wrote, made absolute and safe to send. The second is lossy: forms
of one address that lead to the same article become one text. It is for comparing only and is never
fetched. What is dropped and what must never be is held by the tables in tests/unit/test_urls.py.
"""

import re
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import idna

from coopwatch.errors import UrlError

MAX_URL_CHARS = 2048  # sitemaps.org allows no longer <loc>, and an index page of PostgreSQL holds it

_SAFE_CHARS = "%/:@!$&'()*+,;=~-._"
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_SAME_UNESCAPED = re.compile(r"[A-Za-z0-9~._!$'()*,:@-]")

_VARIANT_LABELS = frozenset({"m", "mobile", "amp"})
_PUBLIC_SUFFIX = re.compile(r"(?:ac|co|com|edu|go|gob|gouv|gov|ne|net|or|org)\.[a-z]{2}")
_INDEX_PAGE = re.compile(r"(?:index|default)\.(?:html?|shtml|xhtml|php|aspx?|jsp)")
_AMP_SUFFIX = re.compile(r"(.+)\.amp(\.html?)?")
_AMP_CACHE_HOST = re.compile(r"(?:.+\.)?(?:ampproject\.org|bing-amp\.com)")
_AMP_CACHE_PATH = re.compile(r"/[cv](?:/s)?/([^/]+\.[^/]+(?:/.*)?)")
_AMP_VIEWER_HOST = re.compile(r"(?:www\.)?(?:google(?:\.com?)?\.[a-z]{2,3}|bing\.com)")
_AMP_VIEWER_PATH = re.compile(r"/amp(?:/s)?/([^/]+\.[^/]+(?:/.*)?)")
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^;/]*", re.IGNORECASE)
_ASP_SESSION_SEGMENT = re.compile(r"\((?:[A-Z]\([a-z0-9]{24}\))+\)")

# Parameters that carry where a reader came from, never which article it is. The names are those
# that analytics, mail and sharing tools document; a name that some site uses for its articles is
# not here, or only with the values of such a tool.
_TRACKING_NAME = re.compile(
    r"""  (utm|mtm|matomo|piwik|hsa|fb_action|amp|vero|oly) _.+
        | pk_(campaign|cid|content|keyword|kwd|medium|source)
        | at_(campaign|custom\d?|link.*|medium|ptr.*|type)
        | fbclid | fb_ref | fb_source | gclid | gclsrc | dclid | gbraid | wbraid | _ga | _gl
        | msclkid | twclid | ttclid | li_fat_id | igshid | igsh | mibextid | __twitter_impression
        | yclid | ysclid | ymclid | _openstat | isappinstalled | nsukey
        | mc_cid | mc_eid | mkt_tok | _hsenc | _hsmi | xt(or|ref|cr|np|loc|mc) | wt[._]mc(_id)? | wt_zmc
        | echobox | guccounter | guce_referrer(_sig)? | usqp | wpamp
        | jsessionid | phpsessid | aspsessionid[a-z]*
    """,
    re.VERBOSE,
)
_TRACKING_VALUES = {
    "amp": re.compile(r"|1|true|yes"),
    "cmp": re.compile(r"[a-z]+(?:_[a-z]+)+"),
    "cmpid": re.compile(r"[a-z].*"),
    "emc": re.compile(r"rss"),
    "from": re.compile(r"timeline|groupmessage|singlemessage"),
    "mode": re.compile(r"amp"),
    "ncid": re.compile(r"[a-z].*"),
    "output": re.compile(r"amp"),
    "outputtype": re.compile(r"amp"),
    "partner": re.compile(r"rss"),
    "s_cid": re.compile(r"[a-z].*"),
    "sessid": re.compile(r"[0-9a-z]{16,}"),
    "sessionid": re.compile(r"[0-9a-z]{16,}"),
    "spm": re.compile(r"[\w-]+(?:\.[\w-]+){2,}"),
}


def absolute_url(raw: str, base: str | None = None) -> str:
    """Return the address to fetch for what a page or feed calls a link.

    Args:
        raw: the link as written; may be relative where a base is given.
        base: the absolute URL of the document it stands in.

    Returns:
        An absolute http(s) URL of ASCII characters, the host lower-case and in its IDNA form,
        without a fragment unless the fragment names the content (`#!…`, `#/…`).

    Raises:
        UrlError: kind bad_url, when there is no such address.
    """
    text = _clean(raw)
    if base is not None:
        try:
            text = urljoin(base, text)
        except ValueError as error:
            raise UrlError(raw, "bad_url", str(error)) from None
    parts = _split(text, raw)
    fragment = parts.fragment if parts.fragment[:1] in ("!", "/") else ""
    url = SplitResult(parts.scheme, parts.netloc, parts.path or "/", parts.query, fragment).geturl()
    if len(url) > MAX_URL_CHARS:
        raise UrlError(url[:100] + "…", "bad_url", f"longer than {MAX_URL_CHARS} characters")
    return url


def host_of(url: str) -> str:
    """Return the host of an absolute http(s) URL: lower-case, IDNA form, without port.

    Raises:
        UrlError: kind bad_url, when the URL is not one.
    """
    return _split(_clean(url), url).hostname or ""


def compare_url(url: str, *, feed_url: str | None = None) -> str:
    """Return the lossy form by which two addresses of one article are recognised.

    Args:
        url: an absolute http(s) URL.
        feed_url: where the link was found; a `ref=` that names its host is then dropped.

    Returns:
        A text that looks like an https URL. Comparing it again changes nothing.

    Raises:
        UrlError: kind bad_url, when the URL is not an absolute http(s) one.
    """
    parts = _split(_clean(url), url)
    while (inner := _url_in_amp_cache(parts)) is not None:
        parts = inner
    host = _fold_host(parts.hostname or "")
    own_hosts = {host} if feed_url is None else {host, _fold_host(host_of(feed_url))}
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    query = _fold_query(parts.query, own_hosts)
    fragment = _fold_escapes(parts.fragment)
    names_content = fragment[:1] in ("!", "/") and fragment.strip("!/") != ""
    return (
        f"https://{f'[{host}]' if ':' in host else host}{port}{_fold_path(parts.path)}"
        f"{'?' if query else ''}{query}{'#' + fragment if names_content else ''}"
    )


def _clean(raw: str) -> str:
    """Drop what browsers drop: surrounding space and control characters, tabs and line ends inside."""
    return re.sub(r"[\t\r\n]", "", raw.strip("".join(map(chr, range(0x21)))))


def _split(text: str, raw: str) -> SplitResult:
    """Take a URL apart, host and escapes already in their safe form."""
    try:
        parts = urlsplit(text)
        port = parts.port
        hostname = parts.hostname or ""
    except ValueError as error:  # an unclosed bracket, a port that is no number
        raise UrlError(raw, "bad_url", str(error)) from None
    if parts.scheme not in ("http", "https"):
        raise UrlError(raw, "bad_url", "not an absolute http(s) URL")
    if "@" in parts.netloc:
        raise UrlError(raw, "bad_url", "credentials in the address")
    if port == 0:
        raise UrlError(raw, "bad_url", "port 0")
    host = _safe_host(hostname, raw)
    default_port = 80 if parts.scheme == "http" else 443
    netloc = host if port in (None, default_port) else f"{host}:{port}"
    query = re.sub(r"&(?:amp|#38|#038);", "&", parts.query)  # the entity was escaped once too often
    return SplitResult(parts.scheme, netloc, _quote(parts.path), _quote(query), _quote(parts.fragment))


def _safe_host(host: str, raw: str) -> str:
    """Return the host as it goes into a request; brackets around IPv6."""
    if ":" in host:
        try:
            return f"[{IPv6Address(host).compressed}]" if "%" not in host else _refuse_host(raw)
        except ValueError:
            return _refuse_host(raw)
    try:
        ascii_host = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return _refuse_host(raw)
    ascii_host = ascii_host.lower().removesuffix(".")
    if len(ascii_host) > 253 or not all(_LABEL.fullmatch(label) for label in ascii_host.split(".")):
        return _refuse_host(raw)
    return ascii_host


def _refuse_host(raw: str) -> str:
    raise UrlError(raw, "bad_url", "no valid host name")


def _quote(text: str) -> str:
    """Escape what may not stand in a URL; escapes that are there stay as they are."""
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(text, safe=_SAFE_CHARS + "?[]", errors="replace")


def _fold_escapes(text: str) -> str:
    """Write every escape in one way, without decoding: the bytes need not be UTF-8."""

    def rewrite(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if _SAME_UNESCAPED.fullmatch(char) else match[0].upper()

    return _PERCENT.sub(rewrite, text).replace("[", "%5B").replace("]", "%5D")


def _url_in_amp_cache(parts: SplitResult) -> SplitResult | None:
    """Return the publisher's URL inside one of an AMP cache or viewer, if this is one."""
    host = parts.hostname or ""
    if _AMP_CACHE_HOST.fullmatch(host):
        match = _AMP_CACHE_PATH.fullmatch(parts.path)
    elif _AMP_VIEWER_HOST.fullmatch(host):
        match = _AMP_VIEWER_PATH.fullmatch(parts.path)
    else:
        return None
    if match is None:
        return None
    try:
        return _split(f"https://{match[1]}?{parts.query}", match[1])
    except UrlError:
        return None


def _fold_host(host: str) -> str:
    """Drop www. and the labels of mobile and AMP hosts, but never a site's own name."""
    labels = host.split(".")
    if labels[-1].isdigit() or ":" in host:
        return host
    while len(labels) > 2:
        if labels[0] == "www" or (labels[0] in _VARIANT_LABELS and _is_site(labels[1:])):
            del labels[0]
        elif labels[1] in _VARIANT_LABELS and _is_site(labels[2:]):  # en.m.wikipedia.org
            del labels[1]
        else:
            break
    return ".".join(labels)


def _is_site(labels: list[str]) -> bool:
    return len(labels) >= 2 and not _PUBLIC_SUFFIX.fullmatch(".".join(labels))


def _fold_path(path: str) -> str:
    segments: list[str] = []
    for segment in _SESSION_IN_PATH.sub("", _fold_escapes(path)).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", ".") and not _ASP_SESSION_SEGMENT.fullmatch(segment):
            segments.append(segment)
    while segments:
        last = segments[-1]
        if _INDEX_PAGE.fullmatch(last) or (last == "amp" and len(segments) > 1):
            segments.pop()
        elif segments[0] == "amp" and len(segments) > 1:
            del segments[0]
        elif match := _AMP_SUFFIX.fullmatch(last):
            segments[-1] = match[1] + (match[2] or "")
        else:
            break
    return "/" + "/".join(segments)


def _fold_query(query: str, own_hosts: set[str]) -> str:
    pairs = []
    for part in _fold_escapes(query.replace("+", "%20")).split("&"):
        name, _, value = part.partition("=")
        if part and not _is_tracking(name.lower(), unquote(value).lower(), own_hosts):
            pairs.append((name, value))
    pairs.sort(key=lambda pair: pair[0])  # equal names keep their order: it may mean something
    return "&".join(f"{name}={value}" if value else name for name, value in pairs)


def _is_tracking(name: str, value: str, own_hosts: set[str]) -> bool:
    if name == "ref":
        try:
            return _fold_host(host_of(value if "://" in value else f"https://{value}")) in own_hosts
        except UrlError:
            return False
    if name in _TRACKING_VALUES:
        return _TRACKING_VALUES[name].fullmatch(value) is not None
    return _TRACKING_NAME.fullmatch(name) is not None
