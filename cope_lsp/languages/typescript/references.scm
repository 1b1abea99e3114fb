; @import stands at the top: an import statement, or a variable that holds what `require` gives.
(program (import_statement) @import)
((program
  [
    (lexical_declaration (variable_declarator value: (call_expression function: (identifier) @_required)))
    (variable_declaration (variable_declarator value: (call_expression function: (identifier) @_required)))
  ] @import)
  (#eq? @_required "require"))
(program (expression_statement (string)) @import.after)

; @declared is a name that the file makes known, @declaration all that declares it.
(program [
  (function_declaration name: (identifier) @declared)
  (generator_function_declaration name: (identifier) @declared)
  (class_declaration name: (type_identifier) @declared)
  (abstract_class_declaration name: (type_identifier) @declared)
  (interface_declaration name: (type_identifier) @declared)
  (type_alias_declaration name: (type_identifier) @declared)
  (enum_declaration name: (identifier) @declared)
  (lexical_declaration (variable_declarator name: (identifier) @declared))
  (variable_declaration (variable_declarator name: (identifier) @declared))
  (expression_statement (internal_module name: (identifier) @declared))
  (export_statement declaration: [
    (function_declaration name: (identifier) @declared)
    (generator_function_declaration name: (identifier) @declared)
    (class_declaration name: (type_identifier) @declared)
    (abstract_class_declaration name: (type_identifier) @declared)
    (interface_declaration name: (type_identifier) @declared)
    (type_alias_declaration name: (type_identifier) @declared)
    (enum_declaration name: (identifier) @declared)
    (lexical_declaration (variable_declarator name: (identifier) @declared))
    (internal_module name: (identifier) @declared)
  ])
] @declaration)
(class_body (method_definition name: (_) @declared) @declaration)
