"""Communiqué publishes meetings as linked data in which every fact can be traced to the passage that states it."""


def __getattr__(name: str) -> str:
    """Return the version when it is asked for: to look for it takes longer than to start."""
    if name != "__version__":
        raise AttributeError(f"module 'communique' has no attribute {name!r}")
    from importlib.metadata import version

    return version("communique")
