; @test with @name: what the runner can run alone. @suite with @name: what stands around it, in its full name.
; @helper with @name: what a test may go through. @setup: what runs before each test.
((call_expression
  function: [
    (identifier) @called
    (member_expression object: (identifier) @called property: (property_identifier) @how)
  ]
  arguments: (arguments . [(string) (template_string)] @name)) @test
  (#match? @called "^(test|it|fit)$")
  (#not-match? @how "^(skip|todo|each|for|extend|skipIf|runIf|describe)$"))

((call_expression
  function: (call_expression
    function: (member_expression object: [
      (identifier) @called
      (member_expression object: (identifier) @called)
    ] property: (property_identifier) @how))
  arguments: (arguments . [(string) (template_string)] @name)) @test
  (#match? @called "^(test|it|fit)$") (#match? @how "^(each|for|skipIf|runIf)$"))

((call_expression
  function: [
    (identifier) @called
    (member_expression object: (identifier) @called property: (property_identifier) @how)
  ]
  arguments: (arguments . [(string) (template_string)] @name)) @suite
  (#match? @called "^(describe|suite|fdescribe|context)$")
  (#not-match? @how "^(skip|todo|each|for|skipIf|runIf)$"))

((call_expression
  function: (call_expression
    function: (member_expression object: [
      (identifier) @called
      (member_expression object: (identifier) @called)
    ]))
  arguments: (arguments . [(string) (template_string)] @name)) @suite
  (#match? @called "^(describe|suite)$"))

((call_expression function: (identifier) @called arguments: (arguments)) @setup
  (#match? @called "^(before|beforeEach|beforeAll)$"))

(function_declaration name: (identifier) @name) @helper
(variable_declarator name: (identifier) @name value: (_)) @helper
