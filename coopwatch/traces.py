"""What became of one address, and why, as text for a terminal."""

from coopwatch.reports import clean, word_claim, word_evidence
from coopwatch.warehouse import Trace
from coopwatch.wording import fold
from schemas.records import Article, Judgement, TriageRow


def word_trace(trace: Trace) -> str:
    """Return what became of one address, and why, as text for a terminal."""
    lines = [trace.url, ""]
    for entry in trace.entries:
        lines.append(
            f"Listed by {entry.source_id} as entry {entry.entry_id}, {entry.first_seen_at:%Y-%m-%d %H:%M}"
        )
        lines.append(f"  {entry.outcome}" + (f" at {entry.stage}: {entry.reason}" if entry.stage else ""))
    for triage in trace.triages:
        lines += ["", *_word_triage(triage)]
    for judgement in trace.judgements:
        lines += ["", *_word_judgement(judgement)]
    for change in trace.judgement_changes:
        lines.append(
            f"  {change.changed_at:%Y-%m-%d %H:%M}: {change.old_verdict} ({change.old_score:.2f}) became "
            f"{change.new_verdict} ({change.new_score:.2f}) when judged again; "
            f"for events: {change.consequence}"
        )
    for rejection in trace.rejections:
        lines += [
            "",
            f"Quarantined by {rejection.rule} (version {rejection.rule_version}): {rejection.reason}",
        ]
    if trace.article:
        lines += ["", *_word_article(trace.article)]
    if trace.membership:
        against = f" of {trace.matched_url}" if trace.matched_url else ""
        lines += ["", f"Text group {trace.membership.text_group_id}: {trace.membership.relation}{against}"]
        lines.append(f"  {trace.membership.reason}")
    for row in trace.coverage:
        lines += ["", f"Reports event {row.event_id} ({row.role}, score {row.score:.2f})"]
        lines += word_evidence(row.evidence, "  ")
    if trace.claims:
        lines += ["", "Claims"]
        lines += [line for claim in trace.claims for line in word_claim(claim)]
    return clean("\n".join(lines))


def _word_triage(triage: TriageRow) -> list[str]:
    lines = [f"Discarded by triage (version {triage.version}): {triage.reason}"]
    if triage.is_audited:
        found = triage.audit_verdict or "no article in it"
        lines.append(f"  worked on all the same, as a sample: {found}")
    return lines


def _word_judgement(judgement: Judgement) -> list[str]:
    """Return a verdict with all that it rests on."""
    lines = [f"Judged {judgement.verdict}, score {judgement.score:.2f}{_word_thresholds(judgement)}"]
    for facet, value in judgement.facets.items():
        alone = f", in title and lead {judgement.prominent[facet]:.2f}" if judgement.prominent else ""
        lines.append(f"  {facet:<14}{value:.2f}{alone}")
    lines.append(f"  {judgement.reason}")
    lines.append(
        f"  topic {judgement.topic}, version {judgement.version}; by patterns {judgement.rules_score:.2f}"
    )
    lines += [
        f"    {fired.facet:<14}{fired.weight:+.1f}  “{fold(fired.quote)}”  ({fired.start}-{fired.end})"
        for fired in judgement.fired
    ]
    if judgement.model is not None and judgement.model_score is not None:
        lines.append(f"  model {judgement.model}: probability {judgement.model_score:.2f}; what weighs most:")
        lines += [f"    {item.weight:+.2f}  {item.feature}" for item in judgement.contributions]
    return lines


def _word_thresholds(judgement: Judgement) -> str:
    least = (f"{name} from {value:.2f}" for name, value in judgement.thresholds.items())
    return f" ({', '.join(least)})" if judgement.thresholds else ""


def _word_article(article: Article) -> list[str]:
    who = article.attribution
    dated = f"{article.published_at:%Y-%m-%d %H:%M}" if article.published_at else "undated"
    roles = (
        ("publisher", who.publisher),
        ("distributor", who.distributor),
        ("issuer", who.issuer),
        ("cited", ", ".join(who.cited_agencies)),
        ("author", who.author),
        ("released", who.release_date),
    )
    return [
        article.title,
        f"  {article.language}, {dated} (from {article.published_from}), read by {article.extractor}",
        *(f"  {name}: {value}" for name, value in roles if value),
        *word_evidence(who.evidence, "    "),
    ]
