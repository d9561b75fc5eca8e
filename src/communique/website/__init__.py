"""What a site consists of: its pages, lists, prose, queries, theme and translations."""
