"use strict";
// Loaded by `--require`, before anything of the project, and again by `--test-reporter`: one module, one key.
const { inspect } = require("node:util");
const { reporting } = require("./signed.cjs");

const report = reporting();

/** The error of a test without the runner's own around it. */
function told(error) {
  let inner = error;
  while (inner?.code === "ERR_TEST_FAILURE" && inner.cause !== undefined) inner = inner.cause;
  return typeof inner === "string" ? inner : inspect(inner, { depth: 3, breakLength: 100, maxStringLength: 400 });
}

module.exports = async function* reporter(events) {
  const around = [];
  for await (const { type, data } of events) {
    if (type === "test:start") {
      around.length = data.nesting;
      around[data.nesting] = data.name;
    } else if (type === "test:pass" || type === "test:fail") {
      const names = [...around.slice(0, data.nesting), data.name];
      const skipped = data.skip !== undefined || data.todo !== undefined;
      const state = skipped ? "skip" : type === "test:pass" ? "pass" : "fail";
      report("", names, state, type === "test:fail" ? told(data.details.error) : "");
    }
  }
};
