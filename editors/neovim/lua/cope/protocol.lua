-- What cope-lsp adds to LSP: the mirror of `cope_lsp/lsp/protocol.py`; a test compares names and fields.
-- `docs/protocol.md` says what they mean.

local M = {}

M.VERSION = 1

-- Requests and notifications
M.SOLVE = 'cope/solve'
M.PROPOSAL = 'cope/proposal'
M.QUESTION = 'cope/question'
M.STATUS = 'cope/status'
M.DID_CHANGE_TRUST = 'cope/didChangeTrust'

-- Commands of workspace/executeCommand
M.RUN = 'cope.run'
M.CANCEL = 'cope.cancel'
M.SHOW_BEST = 'cope.showBest'
M.APPLY = 'cope.apply'
M.DISCARD = 'cope.discard'
M.SHOW_REPORT = 'cope.showReport'
M.SHOW_SENT = 'cope.showSent'
M.TRUST = 'cope.trust'
M.CONSENT = 'cope.consent'

-- Kinds of code actions
M.KIND_REWRITE = 'refactor.rewrite.cope'
M.KIND_FIX = 'quickfix.cope'
M.KIND_READ = 'refactor.cope'

---@alias cope.Ending
---| 'applied'
---| 'proposed'
---| 'unverified'
---| 'shown'
---| 'superseded'
---| 'rejected'
---| 'cancelled'
---| 'failed'

---@alias cope.Kind 'implement'|'edit'|'fix'|'tests'|'document'|'explain'
---@alias cope.Reach 'local'|'cascade'|'large'

---@class cope.Finding
---@field range lsp.Range
---@field message string
---@field source? string
---@field code? string

---@class cope.RunArguments
---@field uri string
---@field version integer
---@field qualname string
---@field kind cope.Kind
---@field hash? string
---@field instruction? string
---@field findings? cope.Finding[]
---@field reach? cope.Reach

---@class cope.JobArguments
---@field job? string

---@class cope.ApplyArguments
---@field job? string
---@field withAnswer? boolean

---@class cope.Done
---@field done boolean

---@class cope.Status
---@field job string
---@field uri string
---@field qualname string
---@field stage string
---@field drawn integer
---@field samples integer
---@field passed integer
---@field total integer
---@field costUsd? number
---@field detail string
---@field message? string
---@field ending? cope.Ending

---@class cope.Proposal
---@field job string
---@field uri string
---@field version? integer
---@field qualname string
---@field edits lsp.TextEdit[]
---@field newText string
---@field verified boolean
---@field message string
---@field confidence number
---@field flags string[]
---@field report? string

---@class cope.ProposalAnswer
---@field answer 'accept'|'reject'

---@class cope.Question
---@field job string
---@field uri string
---@field qualname string
---@field call string
---@field answers string[]
---@field message string

---@class cope.QuestionAnswer
---@field answer? string

return M
