-- `:checkhealth cope`: is the client there, is the server there, and what does the server's doctor say?

local protocol = require('cope.protocol')

local M = {}

local PATIENCE_MS = 20000

---@return string?
local function program()
  local config = vim.lsp.config.cope
  local command = config and config.cmd
  return type(command) == 'table' and command[1] or nil
end

---@param arguments string[]
---@return vim.SystemCompleted?
local function output_of(arguments)
  local ok, started = pcall(vim.system, arguments, { text = true, stdin = false })
  return ok and started:wait(PATIENCE_MS) or nil
end

---@return boolean
local function check_client()
  vim.health.start('Cope: the client')
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error('Neovim is older than 0.11.', 'Update Neovim.')
    return false
  end
  vim.health.ok('Neovim ' .. tostring(vim.version()))
  if vim.lsp.is_enabled('cope') then
    vim.health.ok('the server is enabled')
  else
    vim.health.warn('the server is not enabled', "Put `vim.lsp.enable('cope')` into your init.lua.")
  end
  return true
end

---@param client vim.lsp.Client
local function check_server(client)
  local offer = vim.tbl_get(client.server_capabilities, 'experimental', 'cope') or {}
  local root = client.root_dir or 'no folder'
  if offer.protocolVersion == protocol.VERSION then
    vim.health.ok(('a server runs for %s'):format(root))
  else
    local text = 'The server for %s speaks version %s of the protocol, this client version %d.'
    vim.health.error(
      text:format(root, offer.protocolVersion, protocol.VERSION),
      'Update the older of the two.'
    )
  end
end

---@param name string
---@return boolean
local function check_program(name)
  vim.health.start('Cope: the server')
  if vim.fn.executable(name) == 0 then
    local ways = {
      'Install cope-lsp so that it is found from Neovim; see its README.',
      "Or say where it is: vim.lsp.config('cope', { cmd = { '/path/to/cope-lsp', '--stdio' } })",
    }
    vim.health.error(('%s is not executable'):format(name), ways)
    return false
  end
  local said = output_of({ name, '--version' })
  vim.health.ok(
    ('%s: %s'):format(vim.fn.exepath(name), said and vim.trim(said.stdout) or 'it does not answer')
  )
  vim.tbl_map(check_server, vim.lsp.get_clients({ name = 'cope' }))
  return true
end

local TELLS = { good = vim.health.ok, broken = vim.health.error, absent = vim.health.info }

---@param name string
local function check_parts(name)
  vim.health.start('Cope: what `cope-lsp doctor` finds')
  local said = output_of({ name, 'doctor', '--json', vim.fn.getcwd() })
  local ok, found = pcall(vim.json.decode, said and said.stdout or '')
  if not ok then
    vim.health.warn('the doctor gave no answer', ('Run `%s doctor` in a terminal.'):format(name))
    return
  end
  for _, finding in ipairs(found.findings) do
    local tell = TELLS[finding.state] or vim.health.warn
    tell(('%s: %s'):format(finding.part, finding.says), finding.fix ~= '' and finding.fix or nil)
  end
end

---What `:checkhealth cope` runs.
function M.check()
  if not check_client() then
    return
  end
  local name = program()
  if not name then
    vim.health.info('the server is started by a function of yours, which is not looked into')
  elseif check_program(name) then
    check_parts(name)
  end
end

return M
