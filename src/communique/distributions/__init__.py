"""What is taken home whole: dumps, tables, and versions of both."""
