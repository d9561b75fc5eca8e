"""The atlas: the maps of a project, each drawn once for all its editions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from communique.bounded import Bounded
from communique.errors import ProjectError
from communique.pictures.topology import read_topology
from communique.pictures.world_map import draw_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import NamedNode

    from communique.pictures.topology import Topology
    from communique.pictures.world_map import WorldMap
    from communique.project import Project

BORDERS = "maps/countries.json"


class Atlas:
    """Maps of states by their codes; the borders are read when the first map is asked for."""

    def __init__(self, project: Project) -> None:
        """Draw with the borders of a project, else with the bundled ones."""
        self._project = project
        self._maps: Bounded[tuple[tuple[NamedNode, tuple[str, ...]], ...], WorldMap | None] = Bounded()

    def draw(self, codes: Mapping[NamedNode, tuple[str, ...]]) -> WorldMap | None:
        """Return the map of states with their codes; None where there is nothing to draw."""
        key = tuple(codes.items())
        if key not in self._maps:
            self._maps[key] = draw_map(self._borders, codes) if any(codes.values()) else None
        return self._maps[key]

    @cached_property
    def _borders(self) -> Topology:
        path = self._project.site_file(BORDERS)
        if path is None:
            raise ProjectError(f"site/{BORDERS}: is missing, and so are the bundled borders: install Communiqué again")
        return read_topology(path)
