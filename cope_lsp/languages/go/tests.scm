; @test with @name: what the runner can run alone. @helper with @name: what a test may go through.
((function_declaration
  name: (identifier) @name
  parameters: (parameter_list (parameter_declaration type: (pointer_type (qualified_type))))) @test
  (#match? @name "^(Test|Fuzz)([^a-z]|$)"))

((function_declaration name: (identifier) @name) @test
  (#match? @name "^Example([^a-z]|$)"))

((function_declaration name: (identifier) @name) @helper
  (#not-match? @name "^(Test|Fuzz|Example|Benchmark)"))
