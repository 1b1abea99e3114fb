-- The server has ended: nothing of it stays on the screen.

local M = {}

---@param _ integer exit code
---@param _ integer signal
---@param client_id integer
function M.on_exit(_, _, client_id)
  if package.loaded['cope.proposal'] then
    require('cope.proposal').drop_client(client_id)
  end
  if package.loaded['cope.status'] then
    require('cope.status').drop_client(client_id)
  end
end

return M
