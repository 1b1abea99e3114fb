-- `cope/proposal`: the server's requests that wait until the user decides. No buffer is touched before.

local display = require('cope.display')

local M = {}

---@class cope.Open
---@field client integer
---@field display cope.Display
---@field answer fun(result: cope.ProposalAnswer?, failure: lsp.ResponseError?)

---@type table<string, cope.Open> by job
local opened = {}

local CANCELLED = vim.lsp.protocol.ErrorCodes.RequestCancelled

---@param job string
---@return cope.Open? closed
local function close(job)
  local open = opened[job]
  opened[job] = nil
  if open then
    display.hide(open.display)
  end
  return open
end

---@param params cope.Proposal
---@param ctx lsp.HandlerContext
---@return cope.ProposalAnswer?
---@return lsp.ResponseError?
function M.on_proposal(_, params, ctx)
  local asked = coroutine.running()
  local shown = display.show(params, function()
    M.withdraw(params.job)
  end)
  opened[params.job] = {
    client = ctx.client_id,
    display = shown,
    answer = function(result, failure)
      coroutine.resume(asked, result, failure)
    end,
  }
  if not shown.float then
    require('cope.client').say(('a proposal for %s waits; `:Cope next` shows it.'):format(params.qualname))
  end
  return coroutine.yield()
end

---The server takes a request back: a newer one superseded it.
---@param params {id: string|integer}
function M.on_cancel(_, params)
  local job = tostring(params.id):match('^proposal%-(.+)$')
  if job then
    M.withdraw(job)
  end
end

---Whether a job's proposal waits for the user.
---@param job string
---@return boolean
function M.is_open(job)
  return opened[job] ~= nil
end

---Answer a proposal.
---@param job string
---@param answer 'accept'|'reject'
function M.decide(job, answer)
  local open = close(job)
  if open then
    open.answer({ answer = answer })
  end
end

---Take a proposal off the screen undecided; the server keeps what it can.
---@param job string
function M.withdraw(job)
  local open = close(job)
  if open then
    open.answer(nil, vim.lsp.rpc_response_error(CANCELLED))
  end
end

---Let go of the proposals of a server that has ended.
---@param client_id integer
function M.drop_client(client_id)
  for job, open in pairs(opened) do
    if open.client == client_id then
      close(job)
    end
  end
end

---The proposal that is meant: in the current buffer the one nearest to the cursor, else any.
---@return cope.Display?
function M.meant()
  local here = vim.api.nvim_get_current_buf()
  local cursor = vim.api.nvim_win_get_cursor(0)[1] - 1
  local best, distance = nil, math.huge
  for _, open in pairs(opened) do
    local shown = open.display
    local away = shown.bufnr == here and math.abs(display.place(shown) - cursor) or 2 ^ 30
    if away < distance then
      best, distance = shown, away
    end
  end
  return best
end

return M
