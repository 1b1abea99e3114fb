; inherits: cope_lsp.languages.javascript.family

(field_definition
  property: (_) @name
  value: [
    (function_expression body: (statement_block) @body @written)
    (arrow_function body: (_) @body @written)
  ]) @definition

(class_declaration name: (identifier) @scope.name) @scope
(variable_declarator name: (identifier) @scope.name value: [(class) (object)]) @scope
