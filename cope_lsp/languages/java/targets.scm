; @definition with @name and @body; @scope with @scope.name stands around. What has no body (abstract, native,
; a member of an interface) is no definition.
(method_declaration
  name: (identifier) @name
  body: (block) @body) @definition

; A constructor that does nothing is written: it makes an object.
((constructor_declaration
  name: (identifier) @name
  body: (constructor_body) @body) @definition
  (#set! empty "written"))

((compact_constructor_declaration
  name: (identifier) @name
  body: (block) @body) @definition
  (#set! empty "written"))

(class_declaration name: (identifier) @scope.name) @scope
(record_declaration name: (identifier) @scope.name) @scope
(enum_declaration name: (identifier) @scope.name) @scope
(interface_declaration name: (identifier) @scope.name) @scope
(annotation_type_declaration name: (identifier) @scope.name) @scope
(enum_constant name: (identifier) @scope.name body: (class_body)) @scope

; An anonymous class goes by the name of what it extends.
(object_creation_expression
  type: [
    (type_identifier) @scope.name
    (generic_type . (type_identifier) @scope.name)
    (scoped_type_identifier (type_identifier) @scope.name .)
    (generic_type . (scoped_type_identifier (type_identifier) @scope.name .))
  ]
  (class_body)) @scope
