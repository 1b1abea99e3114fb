; @import stands at the top; @import.after must come before it.
(import_declaration) @import
(package_declaration) @import.after

; @declared is a name that the file makes known, @declaration all that declares it.
(program (class_declaration name: (identifier) @declared) @declaration)
(program (record_declaration name: (identifier) @declared) @declaration)
(program (enum_declaration name: (identifier) @declared) @declaration)
(program (interface_declaration name: (identifier) @declared) @declaration)
(program (annotation_type_declaration name: (identifier) @declared) @declaration)

; Members, which a method of the same type may need beside it.
(class_body (method_declaration name: (identifier) @declared) @declaration)
(class_body (field_declaration declarator: (variable_declarator name: (identifier) @declared)) @declaration)
(class_body (class_declaration name: (identifier) @declared) @declaration)
(class_body (record_declaration name: (identifier) @declared) @declaration)
(class_body (enum_declaration name: (identifier) @declared) @declaration)
(class_body (interface_declaration name: (identifier) @declared) @declaration)
(interface_body (method_declaration name: (identifier) @declared) @declaration)
(interface_body (constant_declaration declarator: (variable_declarator name: (identifier) @declared)) @declaration)
(enum_body_declarations (method_declaration name: (identifier) @declared) @declaration)
(enum_body_declarations
  (field_declaration declarator: (variable_declarator name: (identifier) @declared)) @declaration)
