; @definition with @name and @body; @parent is the type that a method's own head names; @scope stands around.
(function_declaration
  name: (identifier) @name
  body: (block) @body) @definition

(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (type_identifier) @parent
        (pointer_type (type_identifier) @parent)
        (generic_type type: (type_identifier) @parent)
        (pointer_type (generic_type type: (type_identifier) @parent))
        (parenthesized_type (pointer_type (type_identifier) @parent))
      ]))
  name: (field_identifier) @name
  body: (block) @body) @definition

; A function in a variable: `var handler = func(…) { … }`, `handler := func(…) { … }`.
(var_declaration
  (var_spec
    name: (identifier) @name
    value: (expression_list . (func_literal body: (block) @body) .))) @definition

(short_var_declaration
  left: (expression_list . (identifier) @name .)
  right: (expression_list . (func_literal body: (block) @body) .)) @definition
