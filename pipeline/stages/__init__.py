"""The five stages of a run: crawl, extract, quote, link, alert.

Each stage takes the items that wait for it, calls the pure code, saves the results and records an outcome for each
item. :mod:`pipeline.runs.runner` runs them for the command line, :mod:`pipeline.runs.scheduler_tasks` for a scheduler.
"""
