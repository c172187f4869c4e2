"""Backfill: what was published before anybody watched, or while nobody did.

One question a module:

    archives   what raw records a WARC file holds, from a byte on: `read_records`
    bounds     which of them cannot be an article, told without parsing: `decide_bounds`
    pages      which of the others are pages, as work for an extractor: `PageReader`
    survivors  what a page comes to, and what is kept of it: `sift_page`
    sieve      the process that does both, and may be given up on: `sift_aside`
    sifting    what a stretch of a file comes to, whatever its pages do: `sift`
    inputs     whether what is asked for can work: `check_inputs`
    listing    which addresses a list, sitemap or gap names: `read_list`, `walk_sitemap`, `read_gap`
    holding    the workspace of a run, and what it does with all that: `BackfillWorkspace`
    progress   what a run has come to, in words: `Backfilled`
"""
