import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// Vitest may load this file through its own pipeline, where it has no path of its own.
const here = import.meta.url.startsWith("file:") ? fileURLToPath(import.meta.url) : process.env.COPE_REPORTER;
const { reporting } = createRequire(here)(here.replace(/vitest\.mjs$/, "signed.cjs"));
const report = reporting();

const told = (errors) => (errors ?? []).map((each) => each.stack ?? `${each.name}: ${each.message}`).join("\n");
const named = (errors) => (errors ?? []).map((each) => `${each.name}: ${each.message}\n${told([each])}`).join("\n");
const STATES = { passed: "pass", pass: "pass", failed: "fail", fail: "fail" };

export default class Reporter {
  #seen = new Set();

  #tell(file, names, state, errors) {
    const id = JSON.stringify([file, names]);
    if (state !== "fail" && this.#seen.has(id)) return;
    this.#seen.add(id);
    report(file, names, STATES[state] ?? "skip", named(errors));
  }

  onTestCaseResult(test) {
    const names = [test.name];
    for (let at = test.parent; at !== undefined && at.type === "suite"; at = at.parent) names.unshift(at.name);
    const { state, errors } = test.result();
    this.#tell(test.module.moduleId, names, state, errors);
  }

  onTestRunEnd(modules, errors) {
    for (const each of modules) {
      const own = each.errors();
      if (own.length > 0) report(each.moduleId, [], "fail", named(own));
    }
    if (errors?.length > 0) report("", [], "fail", named(errors));
  }

  // Before Vitest 3.
  onFinished(files, errors) {
    const walk = (task, names) => {
      if (task.type === "test") this.#tell(task.file.filepath, [...names, task.name], task.result?.state, task.result?.errors);
      for (const each of task.tasks ?? []) walk(each, task.filepath ? names : [...names, task.name]);
    };
    for (const file of files ?? []) {
      if (file.result?.errors?.length > 0) report(file.filepath, [], "fail", named(file.result.errors));
      walk(file, []);
    }
    if (errors?.length > 0) report("", [], "fail", named(errors));
  }
}
