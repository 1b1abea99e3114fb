; @test with @name: what the runner can run alone. @helper with @name: what a test may go through.
((function_declaration
  name: (identifier) @name
  parameters: (parameter_list (parameter_declaration type: (pointer_type (qualified_type))))) @test
  (#match? @name "^(Test|Fuzz)([^a-z]|$)"))

; One without the comment is compiled and never run.
((function_declaration name: (identifier) @name) @test
  (#match? @name "^Example([^a-z]|$)")
  (#match? @test "//[ \t]*([Uu]nordered )?[Oo]utput:"))

((function_declaration name: (identifier) @name) @helper
  (#not-match? @name "^(Test|Fuzz|Example|Benchmark)"))
