-- `cope/status`: where each job stands, as one line for a statusline, and the message when one ends.

local M = {}

---@type table<string, {client: integer, status: cope.Status}> running jobs
local running = {}

---@type string[] ids of running jobs, the latest last
local order = {}

local WHERE = { small = 'local', guided = 'local, with a plan', large = 'large model', recall = 'remembered' }

local LEVELS = {
  failed = vim.log.levels.ERROR,
  unverified = vim.log.levels.WARN,
}

---@param cost number?
---@return string
local function money(cost)
  if not cost then
    return 'cost unknown'
  end
  local digits = (cost > 0 and cost < 0.005) and 4 or 2
  return ('$%.' .. digits .. 'f'):format(cost)
end

---@param status cope.Status
---@return string
local function line(status)
  local parts = {} ---@type string[]
  if status.stage ~= '' then
    parts[#parts + 1] = WHERE[status.stage] or status.stage
  end
  if status.drawn > 0 then
    parts[#parts + 1] = ('%d of %d drawn'):format(status.drawn, status.samples)
  end
  if status.total > 0 then
    parts[#parts + 1] = ('%d of %d tests'):format(status.passed, status.total)
  end
  if status.detail ~= '' then
    parts[#parts + 1] = status.detail
  end
  parts[#parts + 1] = money(status.costUsd)
  return ('Cope %s: %s'):format(status.qualname, table.concat(parts, ' · '))
end

local function changed()
  vim.api.nvim_exec_autocmds('User', { pattern = 'CopeStatus', modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

---@param job string
local function forget(job)
  running[job] = nil
  order = vim.tbl_filter(function(known)
    return known ~= job
  end, order)
end

---One line for a statusline: the latest job that runs; empty when none does.
---
---In a statusline: `%{v:lua.require'cope.status'.text()}`; see |cope-statusline| for one that loads nothing.
---@return string
function M.text()
  local job = order[#order]
  if not job then
    return ''
  end
  if require('cope.proposal').is_open(job) then
    return ('Cope %s: yours to decide (:Cope accept, :Cope discard)'):format(running[job].status.qualname)
  end
  local more = #order > 1 and (' (+%d)'):format(#order - 1) or ''
  return line(running[job].status) .. more
end

---@param params cope.Status
---@param ctx lsp.HandlerContext
function M.on_status(_, params, ctx)
  if not params.ending then
    if not running[params.job] then
      order[#order + 1] = params.job
    end
    running[params.job] = { client = ctx.client_id, status = params }
    changed()
    return
  end
  forget(params.job)
  require('cope.proposal').withdraw(params.job)
  require('cope.client').say(params.message or params.ending, LEVELS[params.ending])
  changed()
end

---Let go of the jobs of a server that has ended.
---@param client_id integer
function M.drop_client(client_id)
  for job, entry in pairs(running) do
    if entry.client == client_id then
      forget(job)
    end
  end
  changed()
end

return M
