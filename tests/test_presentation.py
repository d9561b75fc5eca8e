"""Presentation: the order, the groups and the nesting that shapes give to a page."""

import pyoxigraph as ox

from communique.descriptions.labels import Labels
from communique.descriptions.presentation import Presentation
from communique.descriptions.views import PropertyView
from communique.store import Store

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def ex(name: str) -> ox.NamedNode:
    return ox.NamedNode("http://example.org/" + name)


def store(text: str, background: Store | None = None) -> Store:
    return Store(ox.parse(PREFIXES + text, format=ox.RdfFormat.TRIG), background=background)


def shown(found: Store, *paths: str, cls: str = "C") -> list[str]:
    """The paths in the order in which a thing of a class shows them."""
    layout = Presentation.read(found).layout((ex(cls),))
    return sorted(paths, key=lambda path: layout[ex(path)][0])


def view(found: Store, path: str, cls: str = "C") -> PropertyView:
    return Presentation.read(found).layout((ex(cls),))[ex(path)][1]


def test_properties_stand_in_the_order_of_the_shape() -> None:
    found = store("""ex:S sh:targetClass ex:C ;
        sh:property [ sh:path ex:a ; sh:order 10 ], [ sh:path ex:b ; sh:order 9.5 ],
            [ sh:path ex:c ; sh:order -1 ] .""")
    assert shown(found, "a", "b", "c") == ["c", "b", "a"]


def test_groups_stand_in_their_own_order_and_before_what_has_none() -> None:
    found = store("""ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:order 1 ],
        [ sh:path ex:b ; sh:group ex:late ; sh:order 2 ], [ sh:path ex:c ; sh:group ex:early ; sh:order 3 ] .
        ex:late sh:order 2 . ex:early sh:order 1 .""")
    assert shown(found, "a", "b", "c") == ["c", "b", "a"]


def test_properties_without_a_shape_come_last_by_label() -> None:
    found = store("""ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:z ] .
        ex:a rdfs:label "zebra" . ex:b rdfs:label "Ant" .""")
    assert shown(found, "a", "b", "z") == ["z", "b", "a"]


def test_without_shapes_types_and_labels_come_first() -> None:
    layout = Presentation.read(Store.of(())).layout(())
    rdf_type = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    assert sorted([ex("a"), label, rdf_type], key=lambda path: layout[path][0]) == [rdf_type, label, ex("a")]


def test_a_class_that_is_a_shape_targets_its_instances() -> None:
    found = store("ex:C a rdfs:Class, sh:NodeShape ; sh:property [ sh:path ex:a ] .")
    assert view(found, "a").shaped


def test_shapes_of_superclasses_hold_for_subclasses() -> None:
    found = store("""ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:E .
        ex:S sh:targetClass ex:E ; sh:property [ sh:path ex:a ] .""")
    assert view(found, "a").shaped


def test_circular_subclasses_end() -> None:
    found = store("ex:C rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:C .")
    assert not view(found, "a").shaped


def test_the_more_specific_class_names_the_property() -> None:
    found = store("""ex:C rdfs:subClassOf ex:D .
        ex:A sh:targetClass ex:D ; sh:property [ sh:path ex:a ; sh:name "wide"@en ; sh:order 3 ] .
        ex:B sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:name "narrow"@en ] .""")
    assert (view(found, "a").names, view(found, "a").order) == ({"en": "narrow"}, 3.0)


def test_bundled_shapes_serve_a_project_without_its_own() -> None:
    bundled = store('ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:name "a"@en ] .')
    assert view(store("", bundled), "a").names == {"en": "a"}


def test_a_property_shape_with_a_node_shape_nests_its_values() -> None:
    found = store("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:node ex:T ], [ sh:path ex:b ] .")
    assert (view(found, "a").nested, view(found, "b").nested) == (True, False)


def test_nested_things_are_laid_out_by_the_node_shape() -> None:
    found = store("""ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:node ex:T ] .
        ex:T sh:property [ sh:path ex:b ; sh:name "b"@en ] .""")
    presentation = Presentation.read(found)
    assert presentation.layout((), node=ex("T"))[ex("b")][1].names == {"en": "b"}


def test_shapes_take_in_others_by_node_and_and() -> None:
    found = store("""ex:S sh:targetClass ex:C ; sh:node ex:T ; sh:and ( ex:U ex:S ) .
        ex:T sh:property [ sh:path ex:a ] . ex:U sh:property [ sh:path ex:b ] .""")
    assert view(found, "a").shaped and view(found, "b").shaped


def test_inverse_paths_are_views_of_their_own() -> None:
    found = store("ex:S sh:targetClass ex:C ; sh:property [ sh:path [ sh:inversePath ex:a ] ] .")
    layout = Presentation.read(found).layout((ex("C"),))
    assert [each.path for _, each in layout.inverse] == [ex("a")]
    assert not layout[ex("a")][1].shaped


def test_longer_paths_show_nothing() -> None:
    found = store("ex:S sh:targetClass ex:C ; sh:property [ sh:path ( ex:a ex:b ) ] .")
    assert not view(found, "a").shaped


def test_deactivated_shapes_show_nothing() -> None:
    found = store("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:deactivated true ] .")
    assert not view(found, "a").shaped


def test_names_are_kept_by_language() -> None:
    found = store('ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:name "Date"@en, "Дата"@ru ] .')
    assert view(found, "a").label(Labels(found, ("ru",))).text == "Дата"


def test_a_view_without_a_name_is_called_like_its_property() -> None:
    found = store('ex:a rdfs:label "held on"@en .')
    assert view(found, "a").label(Labels(found, ("en",))).text == "held on"


def test_groups_have_labels_by_language() -> None:
    found = store("""ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:group ex:g ] .
        ex:g rdfs:label "People"@en, "Люди"@ru .""")
    group = view(found, "a").group
    assert group is not None and group.names == {"en": "People", "ru": "Люди"}


def test_an_order_that_is_no_number_counts_for_nothing() -> None:
    found = store('ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:a ; sh:order "first" ], [ sh:path ex:b ] .')
    assert shown(found, "b", "a") == ["a", "b"]
