; @test with @name: what the runner can run alone. @suite with @name stands around. @setup runs before each.
; @helper with @name: what a test may go through.
(class_declaration name: (identifier) @name) @suite

((method_declaration
  (modifiers [
    (marker_annotation name: (_) @_mark)
    (annotation name: (_) @_mark)
  ])
  name: (identifier) @name) @test
  (#match? @_mark "^([a-z.]+[.])?(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)$"))

((method_declaration
  (modifiers (marker_annotation name: (_) @_mark))
  name: (identifier)) @setup
  (#match? @_mark "^([a-z.]+[.])?(Before|BeforeEach|BeforeClass|BeforeAll)$"))

(method_declaration name: (identifier) @name) @helper
(constructor_declaration name: (identifier) @name) @helper
(field_declaration declarator: (variable_declarator name: (identifier) @name value: (_))) @helper
