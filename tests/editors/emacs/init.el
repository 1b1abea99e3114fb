;;; What makes a run alike everywhere; the user's part is what docs/editors.md says.  -*- lexical-binding: t -*-
(setq native-comp-jit-compilation nil
      native-comp-enable-subr-trampolines nil
      make-backup-files nil
      create-lockfiles nil
      auto-save-default nil)
