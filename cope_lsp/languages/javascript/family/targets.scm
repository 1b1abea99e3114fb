; @definition with @name and @body; @written marks one that is written though empty; @scope with @scope.name
; stands around.
(function_declaration name: (identifier) @name body: (statement_block) @body) @definition
(generator_function_declaration name: (identifier) @name body: (statement_block) @body) @definition

; An empty constructor is written: it takes what its parameters declare, or does nothing on purpose.
((method_definition name: (_) @name body: (statement_block) @body) @definition
  (#not-eq? @name "constructor"))
((method_definition name: (property_identifier) @name body: (statement_block) @body @written) @definition
  (#eq? @name "constructor"))

; A function in a variable. An empty arrow that takes nothing is a no-op, not a stub.
(variable_declarator
  name: (identifier) @name
  value: [
    (function_expression body: (statement_block) @body)
    (generator_function body: (statement_block) @body)
    (arrow_function parameters: (formal_parameters (_)) body: (_) @body)
    (arrow_function parameter: (identifier) body: (_) @body)
  ]) @definition
(variable_declarator
  name: (identifier) @name
  value: (arrow_function parameters: (formal_parameters . ")") body: (_) @body @written)) @definition

; A function in a property: `exports.total = function (…) { … }`, `module.exports = …`, `this.total = …`; with
; @parent where it is that of a class: `Shop.total = …`, `Shop.prototype.total = …`.
((assignment_expression
  left: (member_expression object: [(identifier) (this)] @_object property: (property_identifier) @name)
  right: [
    (function_expression body: (statement_block) @body)
    (generator_function body: (statement_block) @body)
    (arrow_function body: (_) @body)
  ]) @definition
  (#match? @_object "^(exports|module|this)$"))
((assignment_expression
  left: (member_expression object: (identifier) @parent property: (property_identifier) @name)
  right: [
    (function_expression body: (statement_block) @body)
    (generator_function body: (statement_block) @body)
    (arrow_function body: (_) @body)
  ]) @definition
  (#not-match? @parent "^(exports|module)$"))
((assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @parent property: (property_identifier) @_prototype)
    property: (property_identifier) @name)
  right: [
    (function_expression body: (statement_block) @body)
    (generator_function body: (statement_block) @body)
    (arrow_function body: (_) @body)
  ]) @definition
  (#eq? @_prototype "prototype"))
((assignment_expression
  left: (member_expression
    object: (member_expression property: (property_identifier) @_exports)
    property: (property_identifier) @name)
  right: [
    (function_expression body: (statement_block) @body)
    (generator_function body: (statement_block) @body)
    (arrow_function body: (_) @body)
  ]) @definition
  (#eq? @_exports "exports"))

; A function in an object or a field; an empty one is a default that does nothing.
(pair
  key: [(property_identifier) (string) (computed_property_name)] @name
  value: [
    (function_expression body: (statement_block) @body @written)
    (generator_function body: (statement_block) @body @written)
    (arrow_function body: (_) @body @written)
  ]) @definition

; `export default function (…) { … }`, without a name.
(export_statement
  "default" @name
  value: [
    (function_expression !name body: (statement_block) @body)
    (arrow_function body: (_) @body)
  ] @definition)

(pair key: (property_identifier) @scope.name value: (object)) @scope
