"""Backfill: what was published before anybody watched, or while nobody did.

One question a module:

    archives   what raw records a WARC file holds, from a byte on: `read_records`
    bounds     which of them cannot be an article, told without parsing: `decide_bounds`
    sifting    what a stretch of a file comes to, in any process: `sift`
    listing    which addresses a list, sitemap or gap names: `read_list`, `walk_sitemap`, `read_gap`
    holding    the workspace of a run, and what it does with all that: `BackfillWorkspace`
    progress   what a run has come to, in words: `Backfilled`
"""
