; @import stands at the top; @import.after must come before it.
(translation_unit (preproc_include) @import)
((translation_unit
  (preproc_ifdef
    name: (identifier) @guard
    (preproc_def name: (identifier) @defined)
    (preproc_include) @import))
  (#eq? @guard @defined))
((translation_unit (preproc_call directive: (_) @directive argument: (_) @what) @import.after)
  (#eq? @directive "#pragma") (#match? @what "^\\s*once"))
((translation_unit
  (preproc_ifdef name: (identifier) @guard . (preproc_def name: (identifier) @defined) @import.after))
  (#eq? @guard @defined))

; @declared is a name that the file makes known, @declaration all that declares it.
(class_specifier name: (type_identifier) @declared body: (_)) @declaration
(struct_specifier name: (type_identifier) @declared body: (_)) @declaration
(union_specifier name: (type_identifier) @declared body: (_)) @declaration
(enum_specifier name: (type_identifier) @declared body: (_)) @declaration
(function_definition
  type: [(class_specifier) (struct_specifier)]
  declarator: (identifier) @declared) @declaration
(alias_declaration name: (type_identifier) @declared) @declaration
(type_definition declarator: (type_identifier) @declared) @declaration
(concept_definition name: (identifier) @declared) @declaration
(preproc_def name: (identifier) @declared) @declaration
(preproc_function_def name: (identifier) @declared) @declaration

(translation_unit (function_definition
  declarator: [
    (function_declarator declarator: (identifier) @declared)
    (_ (function_declarator declarator: (identifier) @declared))
  ]) @declaration)
(declaration_list (function_definition
  declarator: [
    (function_declarator declarator: (identifier) @declared)
    (_ (function_declarator declarator: (identifier) @declared))
  ]) @declaration)
(preproc_ifdef (function_definition
  declarator: [
    (function_declarator declarator: (identifier) @declared)
    (_ (function_declarator declarator: (identifier) @declared))
  ]) @declaration)
(template_declaration (function_definition
  declarator: [
    (function_declarator declarator: (identifier) @declared)
    (_ (function_declarator declarator: (identifier) @declared))
  ]) @declaration)

(declaration declarator: (function_declarator declarator: (identifier) @declared)) @declaration
(declaration declarator: (_ (function_declarator declarator: (identifier) @declared))) @declaration
(translation_unit (declaration declarator: (init_declarator declarator: (identifier) @declared)) @declaration)
(declaration_list (declaration declarator: (init_declarator declarator: (identifier) @declared)) @declaration)
(preproc_ifdef (declaration declarator: (init_declarator declarator: (identifier) @declared)) @declaration)
