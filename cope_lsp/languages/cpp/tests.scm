; @test with @name: what the runner can run alone. @helper with @name: what a test may go through.

; GoogleTest: the name is the whole `TEST_F(Suite, Name)`.
((function_definition
  declarator: (function_declarator declarator: (identifier) @kind) @name) @test
  (#match? @kind "^(TYPED_)?TEST(_F|_P)?$"))

; Boost.Test.
((function_definition
  declarator: (function_declarator declarator: (identifier) @kind) @name) @test
  (#match? @kind "^BOOST_\\w*TEST_CASE\\w*$"))

; Catch2, doctest: a call, and a block after it.
((expression_statement
  (call_expression
    function: (identifier) @kind
    arguments: (argument_list . (string_literal) @name)))
  .
  (compound_statement) @test
  (#match? @kind "^(TEST_CASE|SCENARIO|TEST_CASE_TEMPLATE|TEMPLATE_TEST_CASE)$"))

((expression_statement
  (call_expression
    function: (identifier) @kind
    arguments: (argument_list . (identifier) . (string_literal) @name)))
  .
  (compound_statement) @test
  (#match? @kind "^(TEST_CASE_METHOD|TEST_CASE_FIXTURE|SCENARIO_METHOD)$"))

; A program that checks by itself.
((function_definition
  declarator: (function_declarator declarator: (identifier) @name)) @test
  (#eq? @name "main"))

((function_definition
  declarator: (function_declarator declarator: (identifier) @name)) @helper
  (#not-match? @name "^((TYPED_)?TEST(_F|_P)?|main|BOOST_\\w+)$"))

((function_definition
  declarator: (_ (function_declarator declarator: (identifier) @name))) @helper)

; Fixtures.
(class_specifier name: (type_identifier) @name body: (_)) @helper
(struct_specifier name: (type_identifier) @name body: (_)) @helper
