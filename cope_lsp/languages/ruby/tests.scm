; @test with @name: what the runner can run alone. Minitest and test-unit: `def test_adds`, `test "adds" do`.
((method name: (identifier) @name) @test
  (#match? @name "^test_"))
((call
  !receiver
  method: (identifier) @_it
  arguments: (argument_list . [(string (string_content) @name) (simple_symbol) @name])
  block: (_)) @test
  (#any-of? @_it "it" "specify" "example" "test" "should"))

; @suite stands around tests.
(class name: (_) @name) @suite
((call
  method: (identifier) @_describe
  arguments: (argument_list . [(string (string_content) @name) (constant) @name (scope_resolution) @name])
  block: (_)) @suite
  (#any-of? @_describe "describe" "context" "feature" "shared_examples" "shared_context"))

; @helper is what a test may go through.
((method name: (identifier) @name) @helper
  (#not-match? @name "^(test_|setup$|teardown$|before_setup$)"))
((call
  !receiver
  method: (identifier) @_let
  arguments: (argument_list . (simple_symbol) @name)
  block: (_)) @helper
  (#any-of? @_let "let" "let!" "subject" "subject!"))

; @setup runs before all of them.
((method name: (identifier) @_setup) @setup
  (#any-of? @_setup "setup" "before_setup"))
((call !receiver method: (identifier) @_before block: (_)) @setup
  (#any-of? @_before "before" "around" "setup"))
