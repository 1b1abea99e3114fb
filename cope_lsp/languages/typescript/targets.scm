; inherits: cope_lsp.languages.javascript.family

(public_field_definition
  name: (_) @name
  value: [
    (function_expression body: (statement_block) @body @written)
    (arrow_function body: (_) @body @written)
  ]) @definition

(class_declaration name: (type_identifier) @scope.name) @scope
(abstract_class_declaration name: (type_identifier) @scope.name) @scope
(internal_module name: (_) @scope.name) @scope
(module name: (_) @scope.name) @scope
(variable_declarator name: (identifier) @scope.name value: [
  (class)
  (object)
  (satisfies_expression (object))
  (as_expression (object))
]) @scope
