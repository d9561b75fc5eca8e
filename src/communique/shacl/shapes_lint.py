"""A linter for shapes: what a validator passes over in silence, so that data seem to conform that were not checked."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox

from communique.errors import Problem
from communique.positions import Positions
from communique.store import Store
from communique.syntax import parse_file
from communique.syntax.rdf import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from communique.project import Project
    from communique.store import Term

    Level = Literal["error", "warning", "note"]
    Remark = tuple[Level, str, Term, ox.NamedNode | None, Term | None]

SH = "http://www.w3.org/ns/shacl#"
SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")

# SHACL 1.0 Core and SHACL-SPARQL, and the Advanced Features.
_TERMS = """
    AbstractResult BlankNode BlankNodeOrIRI BlankNodeOrLiteral ConstraintComponent Function IRI IRIOrLiteral Info
    Literal NodeKind NodeShape Parameter Parameterizable PrefixDeclaration PropertyGroup PropertyShape
    ResultAnnotation Rule SPARQLAskExecutable SPARQLAskValidator SPARQLConstraint SPARQLConstructExecutable
    SPARQLExecutable SPARQLFunction SPARQLRule SPARQLSelectExecutable SPARQLSelectValidator SPARQLTarget
    SPARQLTargetType SPARQLUpdateExecutable Severity Shape Target TargetType TripleRule ValidationReport
    ValidationResult Validator Violation Warning AndConstraintComponent ClassConstraintComponent
    ClosedConstraintComponent DatatypeConstraintComponent DisjointConstraintComponent EqualsConstraintComponent
    ExpressionConstraintComponent HasValueConstraintComponent InConstraintComponent LanguageInConstraintComponent
    LessThanConstraintComponent LessThanOrEqualsConstraintComponent MaxCountConstraintComponent
    MaxExclusiveConstraintComponent MaxInclusiveConstraintComponent MaxLengthConstraintComponent
    MinCountConstraintComponent MinExclusiveConstraintComponent MinInclusiveConstraintComponent
    MinLengthConstraintComponent NodeConstraintComponent NodeKindConstraintComponent NotConstraintComponent
    OrConstraintComponent PatternConstraintComponent PropertyConstraintComponent QualifiedMaxCountConstraintComponent
    QualifiedMinCountConstraintComponent SPARQLConstraintComponent UniqueLangConstraintComponent
    XoneConstraintComponent alternativePath and annotationProperty annotationValue annotationVarName ask class closed
    condition conforms construct datatype deactivated declare defaultValue description detail disjoint entailment
    equals expression filterShape flags focusNode group hasValue ignoredProperties in intersection inversePath
    labelTemplate languageIn lessThan lessThanOrEquals maxCount maxExclusive maxInclusive maxLength message minCount
    minExclusive minInclusive minLength name namespace node nodeKind nodeValidator nodes not object oneOrMorePath
    optional or order parameter path pattern predicate prefix prefixes property propertyValidator qualifiedMaxCount
    qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint result resultAnnotation resultMessage
    resultPath resultSeverity returnType rule select severity shapesGraph shapesGraphWellFormed sourceConstraint
    sourceConstraintComponent sourceShape sparql subject suggestedShapesGraph target targetClass targetNode
    targetObjectsOf targetSubjectsOf this union uniqueLang update validator value xone zeroOrMorePath zeroOrOnePath
"""
TERMS = frozenset(_TERMS.split())
# SHACL 1.2 (drafts), which no constraint of a report comes from.
_LATER_TERMS = """
    Debug Trace codeIdentifier maxListLength memberShape minListLength nodeByExpression propertyByExpression
    reificationRequired reifierShape rootClass shape singleLine someValue sparqlExpr subsetOf targetWhere
    uniqueMembers uniqueValuesFor
"""
LATER_TERMS = frozenset(_LATER_TERMS.split())
UNMATCHED = " matches nothing in the data."
MOST_UNMATCHED = 5
REFERENCES = ("node", "property", "not", "qualifiedValueShape")
_CONSTRAINTS = """
    and class closed datatype disjoint equals hasValue in languageIn lessThan lessThanOrEquals maxCount maxExclusive
    maxInclusive maxLength minCount minExclusive minInclusive minLength node nodeKind not or pattern qualifiedMaxCount
    qualifiedMinCount sparql uniqueLang xone
"""
CONSTRAINTS = frozenset(_CONSTRAINTS.split())


@dataclass(frozen=True, slots=True)
class Finding:
    """What the linter found: an `error` means that a constraint is never checked, a `warning` that it may not be."""

    level: Literal["error", "warning", "note"]
    problem: Problem


def lint_project(store: Store, *, project: Project) -> tuple[Finding, ...]:
    """Return what is remarkable about a project's own shapes; those that are bundled are taken to be in order."""
    own = [file for file in project.files("shapes") if not file.bundled]
    if not own:
        return ()
    everything = {file.path: tuple(parse_file(file)) for file in project.files("shapes")}
    ontology = (parse_file(file) for file in project.files("ontology") if file.bundled)
    with store.joined_by(chain.from_iterable(ontology)):
        return lint(everything, data=store, only=[file.path for file in own])


def lint(
    files: Mapping[Path, Sequence[ox.Quad]], *, data: Store, only: Sequence[Path] = (), relative: bool = False
) -> tuple[Finding, ...]:
    """Return what is remarkable about shapes that are to validate some data, sorted by place.

    `files` holds the quads of each file; `only` limits what is looked at to some of them, by default to all.
    """
    shapes = Store.of(chain.from_iterable(files.values()))
    wanted = list(only or files)
    origin: dict[Term, Path] = {}
    for path in wanted:
        for quad in files[path]:
            origin.setdefault(quad.subject, path)
    remarks = _summed(dict.fromkeys(each for each in _remarks(shapes, data) if each[2] in origin), origin)
    positions = Positions(wanted, nodes=[node for _, _, node, _, _ in remarks], relative=relative)
    found = []
    for level, message, node, predicate, value in remarks:
        place = (predicate and positions.of_triple(node, predicate, value)) or positions.of_node(node)
        path = place.path if place else origin[node]
        found.append(Finding(level, Problem(path, place.line if place else None, None, message)))
    return tuple(sorted(found, key=lambda each: (str(each.problem.path), each.problem.line or 0, each.problem.message)))


def _summed(remarks: Iterable[Remark], origin: Mapping[Term, Path]) -> list[Remark]:
    """Put many targets of one file that match nothing, as in shapes that others wrote, into one remark."""
    found = list(remarks)
    for path in dict.fromkeys(origin.values()):
        unmatched = [each for each in found if each[1].endswith(UNMATCHED) and origin[each[2]] == path]
        if len(unmatched) > MOST_UNMATCHED:
            found = [each for each in found if each not in unmatched]
            level, message, node, predicate, value = min(unmatched, key=lambda each: each[1])
            words = f"{len(unmatched)} targets match nothing in the data, such as {message.removesuffix(UNMATCHED)}."
            found.append((level, words, node, predicate, value))
    return found


def _remarks(shapes: Store, data: Store) -> Iterator[Remark]:
    yield from _unknown_terms(shapes)
    yield from _without_effect(shapes)
    yield from _missing_shapes(shapes)
    yield from _missing_targets(shapes, data)
    yield from _missing_words(shapes)


def _unknown_terms(shapes: Store) -> Iterator[Remark]:
    for quad in shapes:
        for term in (quad.predicate, quad.object):
            name = term.value.removeprefix(SH) if isinstance(term, ox.NamedNode) and term.value.startswith(SH) else ""
            if not name or name in TERMS or name.startswith("js"):
                continue
            if name in LATER_TERMS:
                yield _at(quad, "warning", f"sh:{name} is of SHACL 1.2, and not checked.")
                continue
            close = get_close_matches(name, TERMS, n=1)
            hint = f" Did you mean sh:{close[0]}?" if close else ""
            yield _at(quad, "error", f"sh:{name} is no term of SHACL, so nothing is checked.{hint}")


def _without_effect(shapes: Store) -> Iterator[Remark]:
    for quad in shapes.quads(None, _sh("severity")):
        if _has(shapes, quad.subject, _sh("select")):
            yield _at(quad, "warning", "sh:severity has no effect on a query: put it on the shape.")
    for quad in shapes.quads(None, _sh("qualifiedValueShape")):
        if not _has(shapes, quad.subject, _sh("path")):
            message = "sh:qualifiedValueShape has no effect on a node shape: put it on a property shape."
            yield _at(quad, "warning", message)


def _missing_shapes(shapes: Store) -> Iterator[Remark]:
    for name in REFERENCES:
        for quad in shapes.quads(None, _sh(name)):
            if isinstance(quad.object, ox.NamedNode) and not _has(shapes, quad.object):
                message = f"sh:{name} refers to {_spell(shapes, quad.object)}, of which nothing is said here."
                yield _at(quad, "error", message)


def _missing_targets(shapes: Store, data: Store) -> Iterator[Remark]:
    tests = {"targetClass": _has_instance, "targetNode": _is_mentioned}
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"):
        for quad in shapes.quads(None, _sh(name)):
            if not tests.get(name, _is_used)(data, quad.object):
                yield _at(quad, "note", f"sh:{name} {_spell(shapes, quad.object)}{UNMATCHED}")


def _missing_words(shapes: Store) -> Iterator[Remark]:
    """One remark for each kind of missing words, at the first shape that lacks them."""
    checking = sorted(
        {quad.subject for quad in shapes if quad.predicate.value.removeprefix(SH) in CONSTRAINTS}, key=str
    )
    reported = [node for node in checking if not isinstance(node, ox.BlankNode) or _is_property(shapes, node)]
    for name, effect in (("message", "a reader is not told what to do"), ("severity", "each result is a violation")):
        lacking = [node for node in reported if not _says(shapes, node, name)]
        if lacking:
            count = f"{len(lacking)} of {len(reported)} shapes have" if len(lacking) > 1 else "One shape has"
            yield "note", f"{count} no sh:{name}, so {effect}.", lacking[0], None, None


def _at(quad: ox.Quad, level: Level, message: str) -> Remark:
    return level, message, quad.subject, quad.predicate, quad.object


def _says(shapes: Store, node: Term, name: str) -> bool:
    """Tell if a shape has words of its own, or a query of it has."""
    if _has(shapes, node, _sh(name)):
        return True
    return any(_has(shapes, quad.object, _sh(name)) for quad in _quads(shapes, node, _sh("sparql")))


def _is_property(shapes: Store, node: Term) -> bool:
    return any(True for _ in shapes.quads(None, _sh("property"), node))


def _has_instance(data: Store, wanted: Term) -> bool:
    seen, waiting = set(), [wanted]
    while waiting:
        each = waiting.pop()
        if any(True for _ in data.quads(None, TYPE, each)):
            return True
        seen.add(each)
        waiting += (quad.subject for quad in data.quads(None, SUBCLASS, each) if quad.subject not in seen)
    return False


def _is_mentioned(data: Store, node: Term) -> bool:
    return isinstance(node, ox.Literal) or _has(data, node) or any(True for _ in data.quads(None, None, node))


def _is_used(data: Store, predicate: Term) -> bool:
    return isinstance(predicate, ox.NamedNode) and any(True for _ in data.quads(None, predicate))


def _has(store: Store, node: Term, predicate: ox.NamedNode | None = None) -> bool:
    return any(True for _ in _quads(store, node, predicate))


def _quads(store: Store, node: Term, predicate: ox.NamedNode | None) -> Iterator[ox.Quad]:
    return iter(()) if isinstance(node, ox.Literal) else store.quads(node, predicate)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def _spell(store: Store, term: Term) -> str:
    return (isinstance(term, ox.NamedNode) and store.prefixes.curie(term.value)) or str(term)
