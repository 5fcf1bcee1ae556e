"""The report of a run: one file with its plots that needs nothing else, as HTML or Markdown."""
