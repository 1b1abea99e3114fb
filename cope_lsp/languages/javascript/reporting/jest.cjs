"use strict";
const { reporting } = require("./signed.cjs");

const report = reporting();
const STATES = { passed: "pass", failed: "fail" };

module.exports = class Reporter {
  onTestResult(test, result) {
    for (const each of result.testResults) {
      const names = [...each.ancestorTitles, each.title];
      report(test.path, names, STATES[each.status] ?? "skip", each.failureMessages.join("\n"));
    }
    if (result.testExecError || (result.testResults.length === 0 && result.failureMessage)) {
      report(test.path, [], "fail", result.failureMessage ?? `${result.testExecError.message}`);
    }
  }
};
