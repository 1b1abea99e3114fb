-- `cope/question`: what must this call give? Asked by `vim.ui.select`; no answer changes nothing.

local M = {}

local NEITHER = {}

---@param choice string|table|nil
---@return cope.QuestionAnswer
local function answer_for(choice)
  if choice == nil then
    return vim.empty_dict()
  end
  return { answer = choice == NEITHER and '' or choice }
end

---@param params cope.Question
---@return cope.QuestionAnswer
function M.on_question(_, params)
  local asked = coroutine.running()
  local choices = vim.list_extend({}, params.answers)
  choices[#choices + 1] = NEITHER
  local opts = {
    prompt = params.message,
    kind = 'cope_question',
    format_item = function(choice)
      return choice == NEITHER and 'None of them is right' or ('%s → %s'):format(params.call, choice)
    end,
  }
  vim.ui.select(choices, opts, function(choice)
    -- The default `vim.ui.select` answers before it returns, that is before the yield below.
    vim.schedule(function()
      coroutine.resume(asked, answer_for(choice))
    end)
  end)
  return coroutine.yield()
end

return M
