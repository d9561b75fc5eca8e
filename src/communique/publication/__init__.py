"""From a project to its published site, whole or not at all."""
