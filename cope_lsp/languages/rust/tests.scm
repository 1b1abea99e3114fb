; @test with @name: what libtest can run alone. @suite stands around. @helper: what a test may go through.
((attribute_item (attribute [
    (identifier) @_kind
    (scoped_identifier name: (identifier) @_kind)]))
  . [(attribute_item) (line_comment) (block_comment)]*
  . (function_item name: (identifier) @name) @test
  (#match? @_kind "^(test|rstest|test_case|quickcheck)$"))

(mod_item name: (identifier) @name body: (declaration_list)) @suite

(function_item name: (identifier) @name) @helper
