"""What helps to query: examples as data, the query page, the cookbook, results as text."""
