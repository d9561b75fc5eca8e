"""Communiqué publishes meetings as linked data in which every fact can be traced to the passage that states it."""

from importlib.metadata import version

__version__ = version("communique")
