; @import stands at the top: an import statement, or a variable that holds what `require` gives.
(program (import_statement) @import)
((program
  [
    (lexical_declaration (variable_declarator value: (call_expression function: (identifier) @_required)))
    (lexical_declaration (variable_declarator value: (member_expression object: (call_expression function: (identifier) @_required))))
    (variable_declaration (variable_declarator value: (call_expression function: (identifier) @_required)))
  ] @import)
  (#eq? @_required "require"))
(program (expression_statement (string)) @import.after)

; @declared is a name that the file makes known, @declaration all that declares it.
(program [
  (function_declaration name: (identifier) @declared)
  (generator_function_declaration name: (identifier) @declared)
  (class_declaration name: (identifier) @declared)
  (lexical_declaration (variable_declarator name: (identifier) @declared))
  (variable_declaration (variable_declarator name: (identifier) @declared))
  (export_statement declaration: [
    (function_declaration name: (identifier) @declared)
    (generator_function_declaration name: (identifier) @declared)
    (class_declaration name: (identifier) @declared)
    (lexical_declaration (variable_declarator name: (identifier) @declared))
  ])
  (expression_statement (assignment_expression
    left: (member_expression
      object: [(identifier) (member_expression)] @_exports
      property: (property_identifier) @declared)
    right: [(function_expression) (arrow_function) (class)]))
] @declaration)
(class_body (method_definition name: (_) @declared) @declaration)
