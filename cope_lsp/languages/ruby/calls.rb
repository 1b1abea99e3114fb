# Makes the calls of standard input on the file named first, and tells of each.
require "json"
require "stringio"
require "timeout"

COPE_OUT = $stdout.dup
COPE_CALLS = JSON.parse($stdin.read)

def cope_tell(seen)
  COPE_OUT.write("\n\x1ecope #{JSON.generate(seen)}\n")
  COPE_OUT.flush
end

def cope_text(value)
  value.inspect.gsub(/0x\h{6,}/, "0x").encode("UTF-8", invalid: :replace, undef: :replace).scrub
end

def cope_like(value)
  case value
  when Float, Integer then value.to_f.finite? && value.to_f.abs < 1e15 ? format("%.9g", value) : value.to_s
  when Array then "[#{value.map { |each| cope_like(each) }.join(', ')}]"
  when Hash then "{#{value.map { |key, each| "#{cope_like(key)}=>#{cope_like(each)}" }.sort.join(', ')}}"
  else cope_text(value)
  end
end

def cope_try(call)
  printed = StringIO.new
  $stdout = printed
  value = Timeout.timeout(1) { eval(call, TOPLEVEL_BINDING) }
  said = printed.string.empty? ? "" : " printed #{cope_text(printed.string[0, 4000])}"
  { outcome: "returned", value: cope_text(value) + said, like: cope_like(value) + said }
rescue Timeout::Error
  { outcome: "timed out" }
rescue Exception => error
  { outcome: "raised", value: error.message.to_s.scrub[0, 500], like: error.class.name.to_s }
ensure
  $stdout = STDOUT
end

require File.expand_path(ARGV.fetch(0))
lost = 0
COPE_CALLS.each_with_index do |call, number|
  break if lost > 1

  cope_tell({ call: number, outcome: "begun" })
  seen = cope_try(call)
  seen = { outcome: "unstable" } if seen[:outcome] == "returned" && cope_try(call)[:value] != seen[:value]
  lost += 1 if seen[:outcome] == "timed out"
  cope_tell({ call: number, **seen })
end
