; @definition with @name and @body; @parent is the type that a method's own head names; @scope stands around.
; A macro before the head (`API int f() { … }`) is an error to tree-sitter: whether it parses, the body says.

(namespace_definition name: (_) @scope.name) @scope
(class_specifier name: (_) @scope.name body: (_)) @scope
(struct_specifier name: (_) @scope.name body: (_)) @scope
(union_specifier name: (_) @scope.name body: (_)) @scope

; `class api Foo { … }`; the parser does not see such a macro in capitals (macros.py).
(function_definition
  type: [(class_specifier) (struct_specifier)]
  declarator: (identifier) @scope.name) @scope

; `class api Foo : public Bar { … }`: what stands where a function's name would is the base.
(function_definition
  type: [(class_specifier) (struct_specifier)]
  (ERROR . (identifier) @scope.name)
  declarator: (identifier)) @scope

; Functions, and methods inside their type.
((function_definition
  type: (_)
  declarator: [
    (function_declarator
      declarator: [
        (identifier) @name (field_identifier) @name (operator_name) @name
        (template_function name: (identifier) @name)
      ])
    (_ (function_declarator
      declarator: [
        (identifier) @name (field_identifier) @name (operator_name) @name
        (template_function name: (identifier) @name)
      ]))
    (_ (_ (function_declarator
      declarator: [(identifier) @name (field_identifier) @name (operator_name) @name])))
  ]
  body: (compound_statement) @body) @definition
  (#set! parses "body"))

; Methods outside their type, functions outside their namespace.
((function_definition
  type: (_)
  declarator: [
    (function_declarator
      declarator: (qualified_identifier
        scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
        name: [(identifier) @name (operator_name) @name (template_function name: (identifier) @name)]))
    (_ (function_declarator
      declarator: (qualified_identifier
        scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
        name: [(identifier) @name (operator_name) @name (template_function name: (identifier) @name)])))
    (_ (_ (function_declarator
      declarator: (qualified_identifier
        scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
        name: [(identifier) @name (operator_name) @name (template_function name: (identifier) @name)]))))
  ]
  body: (compound_statement) @body) @definition
  (#set! parses "body"))

((function_definition
  type: (_)
  declarator: [
    (function_declarator
      declarator: (qualified_identifier
        name: (qualified_identifier
          scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
          name: [(identifier) @name (operator_name) @name (template_function name: (identifier) @name)])))
    (_ (function_declarator
      declarator: (qualified_identifier
        name: (qualified_identifier
          scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
          name: [(identifier) @name (operator_name) @name (template_function name: (identifier) @name)]))))
  ]
  body: (compound_statement) @body) @definition
  (#set! parses "body"))

((function_definition
  type: (_)
  declarator: [
    (function_declarator
      declarator: (qualified_identifier
        name: (qualified_identifier
          name: (qualified_identifier
            scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
            name: [(identifier) @name (operator_name) @name]))))
    (_ (function_declarator
      declarator: (qualified_identifier
        name: (qualified_identifier
          name: (qualified_identifier
            scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
            name: [(identifier) @name (operator_name) @name])))))
  ]
  body: (compound_statement) @body) @definition
  (#set! parses "body"))

; Constructors and destructors: an empty body is a whole one.
((field_declaration_list
  (function_definition
    !type
    declarator: (function_declarator declarator: [(identifier) @name (destructor_name) @name])
    body: (compound_statement) @body) @definition)
  (#set! parses "body") (#set! empty "written"))

((field_declaration_list
  (template_declaration
    (function_definition
      !type
      declarator: (function_declarator declarator: (identifier) @name)
      body: (compound_statement) @body) @definition))
  (#set! parses "body") (#set! empty "written"))

((function_definition
  !type
  declarator: (function_declarator
    declarator: (qualified_identifier
      scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
      name: [(identifier) @name (destructor_name) @name]))
  body: (compound_statement) @body) @definition
  (#set! parses "body") (#set! empty "written"))

((function_definition
  !type
  declarator: (function_declarator
    declarator: (qualified_identifier
      name: (qualified_identifier
        scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
        name: [(identifier) @name (destructor_name) @name])))
  body: (compound_statement) @body) @definition
  (#set! parses "body") (#set! empty "written"))

; Conversions: the name is the type's.
((function_definition
  declarator: (operator_cast type: (_) @name)
  body: (compound_statement) @body) @definition
  (#set! parses "body"))

((function_definition
  declarator: (qualified_identifier
    scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
    name: (operator_cast type: (_) @name))
  body: (compound_statement) @body) @definition
  (#set! parses "body"))

; A lambda in a variable; one that does nothing is meant so.
((declaration
  declarator: (init_declarator
    declarator: (identifier) @name
    value: [
      (lambda_expression body: (compound_statement) @body)
      (initializer_list . (lambda_expression body: (compound_statement) @body) .)
    ])) @definition
  (#set! empty "written"))

((field_declaration
  declarator: (field_identifier) @name
  default_value: [
    (lambda_expression body: (compound_statement) @body)
    (initializer_list . (lambda_expression body: (compound_statement) @body) .)
  ]) @definition
  (#set! empty "written"))

; GoogleTest's cases, so that their text is found by name; nothing is offered there.
((function_definition
  declarator: (function_declarator
    declarator: (identifier) @kind
    parameters: (parameter_list . (parameter_declaration type: (_) @parent) . (parameter_declaration type: (_) @name) .))
  body: (compound_statement) @body) @definition
  (#match? @kind "^(TYPED_)?TEST(_F|_P)?$")
  (#set! offer "no"))
