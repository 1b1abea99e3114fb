; @import stands at the top; @import.item is one thing that it imports; @import.after must come before it.
((import_declaration) @import (#set! items "apart"))
(import_spec) @import.item
(package_clause) @import.after

; @declared is a name that the file makes known, @declaration all that declares it.
(source_file (function_declaration name: (identifier) @declared) @declaration)
(source_file (type_declaration (type_spec name: (type_identifier) @declared)) @declaration)
(source_file (type_declaration (type_alias name: (type_identifier) @declared)) @declaration)
(source_file (const_declaration (const_spec name: (identifier) @declared)) @declaration)
(source_file (var_declaration (var_spec name: (identifier) @declared)) @declaration)
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @declared))) @declaration)
(source_file
  (method_declaration name: (field_identifier) @declared) @declaration)
