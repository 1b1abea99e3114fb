; @definition with @name and @body; @scope stands around. A method of a trait without a body is no definition.
(source_file (function_item name: (identifier) @name body: (block) @body) @definition)
(block (function_item name: (identifier) @name body: (block) @body) @definition)
(ERROR (function_item name: (identifier) @name body: (block) @body) @definition)
(mod_item (declaration_list (function_item name: (identifier) @name body: (block) @body) @definition))
(impl_item (declaration_list (function_item name: (identifier) @name body: (block) @body) @definition))
(ERROR (declaration_list (function_item name: (identifier) @name body: (block) @body) @definition))

; What a trait gives to all its types may well do nothing.
((trait_item (declaration_list (function_item name: (identifier) @name body: (block) @body) @definition))
  (#set! empty "written"))

; `let parse = |line: &str| { … };`
((let_declaration
  pattern: (identifier) @name
  value: (closure_expression body: (block) @body)) @definition
  (#set! empty "written"))

(mod_item name: (identifier) @scope.name body: (_)) @scope
(trait_item name: (type_identifier) @scope.name) @scope
(impl_item
  type: [
    (type_identifier) @scope.name
    (primitive_type) @scope.name
    (array_type) @scope.name
    (tuple_type) @scope.name
    (unit_type) @scope.name
    (scoped_type_identifier name: (type_identifier) @scope.name)
    (generic_type type: (type_identifier) @scope.name)
    (generic_type type: (scoped_type_identifier name: (type_identifier) @scope.name))
    (reference_type type: (type_identifier) @scope.name)
    (reference_type type: (generic_type type: (type_identifier) @scope.name))
    (dynamic_type trait: (type_identifier) @scope.name)
  ]) @scope
