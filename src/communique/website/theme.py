"""The theme: the templates of a project as Jinja2 compiles them, in the words of one language.

What stands in `site/templates` of the project comes before what is bundled. Everything is escaped, and a value that is
missing fails the build. Words are marked in one of two ways:

- `_("{n} words")`, `ngettext`, `pgettext`, `npgettext` are plain text, which is escaped as any other; values are given
  by name (`_("version %(version)s", version=x)`), and `ngettext` knows its number as `%(num)s`. Numbers are written as
  the language writes them.
- `{% trans %}` ... `{% endtrans %}` is markup, in the catalogues too.

Words without values cost nothing at run time: they are looked up when the template is compiled.
"""

from __future__ import annotations

from contextlib import suppress
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from communique.legibility import legible, legible_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import CodeType

    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame

    from communique.interface import Interface
    from communique.project import Project

SINGULAR = ("gettext", "pgettext")
PLURAL = ("ngettext", "npgettext")


class Compiled(BytecodeCache):
    """The compiled templates of one project in the words of one language, for one environment after the other.

    Of each template the latest text is held, by its checksum.
    """

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._codes: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put into a bucket what is held for it."""
        checksum, code = self._codes.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Hold what is in a bucket."""
        if bucket.code is not None:
            self._codes[bucket.key] = (bucket.checksum, bucket.code)


def environment(project: Project, *, words: Interface, compiled: Compiled | None = None) -> Environment:
    """Return what compiles and keeps the templates of a project in one language.

    With `compiled` each is compiled once for all environments that share it.
    """

    def source(name: str) -> str | None:
        path = project.site_file(f"templates/{name}")
        return path.read_text(encoding="utf-8") if path else None

    made = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=compiled,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.code_generator_class = _Compiler
    made.filters.update(legible=legible, legible_name=legible_name)
    made.filters.update(number=words.number, size=words.size, moment=words.moment, language_name=words.language_name)
    made.globals.update(_functions(words))
    return made


def compiling(made: Environment, project: Project) -> Iterator[str]:
    """Compile all templates of a project for an environment of its own, one before the name of each is given."""
    for file in project.site_files("templates"):
        # What is wrong with a template is told by the page that takes it.
        with suppress(TemplateSyntaxError, UnicodeDecodeError):
            made.get_template(file.removeprefix("templates/"))
        yield file


def compile_templates(project: Project, *, words: Interface, compiled: Compiled) -> None:
    """Compile all templates of a project in one language."""
    for _ in compiling(environment(project, words=words, compiled=compiled), project):
        pass


def _functions(words: Interface) -> dict[str, Callable[..., str]]:
    """Return the functions of gettext as templates call them; the last arguments are the values of the message.

    A number among them is written as the language writes numbers.
    """

    def filled(text: str, values: dict[str, object]) -> str:
        return _filled(text, {name: words.number(each) if type(each) is int else each for name, each in values.items()})

    def gettext(message: str, /, **values: object) -> str:
        return filled(words.gettext(message), values)

    def pgettext(context: str, message: str, /, **values: object) -> str:
        return filled(words.pgettext(context, message), values)

    def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
        return filled(words.ngettext(singular, plural, num), {"num": num, **values})

    def npgettext(context: str, singular: str, plural: str, num: int, /, **values: object) -> str:
        return filled(words.npgettext(context, singular, plural, num), {"num": num, **values})

    return {
        "_": gettext,
        "gettext": gettext,
        "pgettext": pgettext,
        "ngettext": ngettext,
        "npgettext": npgettext,
        "trans_ngettext": words.ngettext,
        "trans_npgettext": words.npgettext,
    }


def _filled(text: str, values: dict[str, object]) -> str:
    """Return a text with its values, escaped once: a value may be a fragment."""
    if not values:
        return text
    # As `escape(text) % values` does, at a fraction of the cost.
    return Markup(str.__mod__(escape(text), {name: _escaped(value) for name, value in values.items()}))


class _Folding(NodeTransformer):
    """Puts words in the place of the calls that look them up, as far as the template says all that it takes."""

    def __init__(self, functions: Mapping[str, Any]) -> None:
        self._functions = {name: functions[name] for name in ("_", *SINGULAR)}

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name in self._functions and not node.kwargs and node.dyn_args is None and node.dyn_kwargs is None:
            words = [each.value for each in node.args if isinstance(each, nodes.Const)]
            if len(words) == len(node.args):
                return nodes.Const(self._functions[name](*words), lineno=node.lineno)
        return node

    def visit_MarkSafeIfAutoescape(self, node: nodes.MarkSafeIfAutoescape) -> nodes.Node:  # noqa: N802
        # What `trans` makes: the values are put in afterwards.
        called = node.expr.node if isinstance(node.expr, nodes.Call) else None
        if isinstance(called, nodes.Name) and called.name in PLURAL:
            called.name = f"trans_{called.name}"
        return self.generic_visit(node)


class _Compiler(CodeGenerator):
    """Compiles templates to code that does at once what Jinja2 does by way of functions of its own.

    What is escaped already costs next to nothing, all else is escaped as always. An attribute that is there is taken as
    Python does. Functions are called without asking whether they want the context: no function of this theme does.
    """

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        super().visit_Template(_Folding(self.environment.globals).visit(node), frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        # One name each is enough: the inner one of two is done with when the outer one begins.
        self.write("(_found if (_found := getattr(_owner := ")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(_owner, {node.attr!r}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        if forward_caller or node.dyn_args or node.dyn_kwargs or any(iskeyword(each.key) for each in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for each in (*node.args, *node.kwargs):
            self.visit(each, frame)
            self.write(", ")
        self.write(")")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if node.with_context:
            super()._import_common(node, frame)
            return
        self.write("environment.get_template(")
        self.visit(node.template, frame)
        self.write(f", {self.name!r}).module")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self._is_plain = not frame.eval_ctx.volatile and bool(frame.eval_ctx.autoescape) and finalize.src is None
        if self._is_plain:
            self.write("(_shown if type(_shown := ")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if self._is_plain:
            self.write(") is Markup else escape(_shown))")
        else:
            super()._output_child_post(node, frame, finalize)


def _escaped(value: object) -> Markup:
    return value if type(value) is Markup else escape(value)
