-- What the user does with a proposal.

local client_of = require('cope.client')
local display = require('cope.display')
local proposal = require('cope.proposal')

local M = {}

---@return cope.Display?
local function meant_or_said()
  local shown = proposal.meant()
  if not shown then
    client_of.say('no proposal waits.', vim.log.levels.WARN)
  end
  return shown
end

---Have the server apply the proposal.
function M.accept()
  local shown = meant_or_said()
  if shown and shown.stale then
    local text = 'the code that this was made for has changed. Discard it and ask again.'
    client_of.say(text, vim.log.levels.WARN)
  elseif shown then
    proposal.decide(shown.proposal.job, 'accept')
  end
end

---Let the proposal go; where none is shown, what an earlier job left.
function M.discard()
  local shown = proposal.meant()
  if shown then
    proposal.decide(shown.proposal.job, 'reject')
    return
  end
  local client = client_of.of_buffer(vim.api.nvim_get_current_buf())
  if client then
    client_of.execute(client, require('cope.protocol').DISCARD, {}, function(done)
      client_of.say(done and 'discarded.' or 'nothing waits.')
    end)
  end
end

---Go to the next hunk of the proposal.
function M.next()
  local shown = meant_or_said()
  if not shown then
    return
  end
  local win = vim.fn.bufwinid(shown.bufnr)
  if win == -1 then
    vim.api.nvim_win_set_buf(0, shown.bufnr)
  else
    vim.api.nvim_set_current_win(win)
  end
  local cursor = vim.api.nvim_win_get_cursor(0)[1] - 1
  local rows = display.hunk_rows(shown)
  local row = vim.iter(rows):find(function(row)
    return row > cursor
  end) or rows[1]
  local last = vim.api.nvim_buf_line_count(shown.bufnr) - 1
  vim.api.nvim_win_set_cursor(0, { math.min(row, last) + 1, 0 })
end

return M
