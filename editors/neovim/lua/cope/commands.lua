-- The subcommands of `:Cope`.

local client_of = require('cope.client')
local protocol = require('cope.protocol')

local M = {}

---@class cope.Given what stands on the command line
---@field place cope.Place
---@field rest string what follows the subcommand
---@field far boolean whether a bang allows the large model

---@param given vim.api.keyset.create_user_command.command_args
---@return cope.Place
local function place_of(given)
  local bufnr = vim.api.nvim_get_current_buf()
  if given.range == 0 then
    local cursor = vim.api.nvim_win_get_cursor(0)
    local here = { cursor[1] - 1, cursor[2] }
    return { bufnr = bufnr, range = { here, here } }
  end
  local last = vim.api.nvim_buf_get_lines(bufnr, given.line2 - 1, given.line2, false)[1] or ''
  return { bufnr = bufnr, range = { { given.line1 - 1, 0 }, { given.line2 - 1, #last } } }
end

---@param kind cope.Kind
---@return fun(given: cope.Given)
local function taking_up(kind)
  return function(given)
    require('cope.asking').take_up(given.place, kind)
  end
end

---@param given cope.Given
local function edit(given)
  local function ask(instruction) ---@param instruction string?
    if instruction and vim.trim(instruction) ~= '' then
      require('cope.asking').edit(given.place, instruction, given.far and 'cascade' or 'local')
    end
  end
  if given.rest ~= '' then
    ask(given.rest)
  else
    vim.ui.input({ prompt = 'Cope, edit: ' }, ask)
  end
end

---@param name string
---@return fun()
local function deciding(name)
  return function()
    require('cope.deciding')[name]()
  end
end

---A command of the server's about a job: the one whose proposal is shown, else the latest.
---@param command string
---@param otherwise string what is said where there was nothing to do
---@return fun(given: cope.Given)
local function sending(command, otherwise)
  return function(given)
    local client = client_of.of_buffer(given.place.bufnr)
    if not client then
      return
    end
    local shown = require('cope.proposal').meant()
    local argument = { job = shown and shown.proposal.job }
    client_of.execute(client, command, argument, function(done)
      if not done then
        client_of.say(otherwise)
      end
    end)
  end
end

---@param given cope.Given
local function trust(given)
  local client = client_of.of_buffer(given.place.bufnr)
  if not client then
    return
  end
  client_of.execute(client, protocol.TRUST, {}, function(done)
    local where = client.root_dir or 'this folder'
    local said = done and ('%s is trusted: its code may run in the sandbox.'):format(where)
    client_of.say(said or 'these files belong to no folder that could be trusted.')
  end)
end

---@type table<string, fun(given: cope.Given)>
local subcommands = {
  edit = edit,
  implement = taking_up('implement'),
  fix = taking_up('fix'),
  tests = taking_up('tests'),
  document = taking_up('document'),
  explain = taking_up('explain'),
  accept = deciding('accept'),
  discard = deciding('discard'),
  next = deciding('next'),
  cancel = sending(protocol.CANCEL, 'nothing runs.'),
  best = sending(protocol.SHOW_BEST, 'nothing runs.'),
  apply = sending(protocol.APPLY, 'nothing waits.'),
  report = sending(protocol.SHOW_REPORT, 'there is no report yet.'),
  sent = sending(protocol.SHOW_SENT, 'there is nothing to show.'),
  trust = trust,
}

---Do what stands on the command line; `:Cope` alone lists what is offered at the cursor.
---@param given vim.api.keyset.create_user_command.command_args
function M.run(given)
  local name, rest = given.args:match('^(%S*)%s*(.*)$')
  local place = place_of(given)
  if name == '' then
    require('cope.asking').take_up(place)
    return
  end
  local subcommand = subcommands[name]
  if not subcommand then
    client_of.say(('there is no `:Cope %s`; see `:help :Cope`.'):format(name), vim.log.levels.ERROR)
    return
  end
  subcommand({ place = place, rest = rest, far = given.bang })
end

---Names of subcommands that begin so; after one, nothing is completed.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  if line:match('Cope!?%s+%S+%s') then
    return {}
  end
  local names = vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, vim.tbl_keys(subcommands))
  table.sort(names)
  return names
end

return M
