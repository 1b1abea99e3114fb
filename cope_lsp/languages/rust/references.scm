; @import stands at the top; @import.after must come before it.
(source_file (use_declaration) @import)
(source_file (inner_attribute_item) @import.after)
(source_file (line_comment inner: (_)) @import.after)

; @declared is a name that the file makes known, @declaration all that declares it.
(source_file (function_item name: (identifier) @declared) @declaration)
(source_file (struct_item name: (type_identifier) @declared) @declaration)
(source_file (enum_item name: (type_identifier) @declared) @declaration)
(source_file (union_item name: (type_identifier) @declared) @declaration)
(source_file (trait_item name: (type_identifier) @declared) @declaration)
(source_file (type_item name: (type_identifier) @declared) @declaration)
(source_file (const_item name: (identifier) @declared) @declaration)
(source_file (static_item name: (identifier) @declared) @declaration)
(source_file (macro_definition name: (identifier) @declared) @declaration)
(source_file (mod_item name: (identifier) @declared body: (_)) @declaration)
(source_file
  (impl_item
    type: [
      (type_identifier) @declared
      (generic_type type: (type_identifier) @declared)
    ]) @declaration)
(impl_item (declaration_list (function_item name: (identifier) @declared) @declaration))
(mod_item (declaration_list [
  (function_item name: (identifier) @declared)
  (struct_item name: (type_identifier) @declared)
  (enum_item name: (type_identifier) @declared)
  (const_item name: (identifier) @declared)
] @declaration))
