"use strict";
// Everything is taken before the project's code is loaded and could exchange it.
const { createHmac, Hmac } = require("node:crypto");
const { readFileSync, writeSync } = require("node:fs");
const { stringify } = JSON;
const { apply } = Reflect;
const { slice } = String.prototype;
const { update, digest } = Hmac.prototype;

const LONGEST = 2000;

/** The key from standard input; without one nothing is reported. */
function keyFromInput() {
  try {
    return readFileSync(0, "utf8").trim();
  } catch {
    return "";
  }
}

/** What writes a test's outcome: `names` from the outermost suite, `state` "pass", "fail" or "skip". */
function reporting() {
  const key = keyFromInput();
  return function report(file, names, state, error) {
    if (key === "") return;
    const said = apply(slice, `${error ?? ""}`, [0, LONGEST]);
    const body = stringify({ file, names, state, error: said });
    const hmac = createHmac("sha256", key);
    apply(update, hmac, [body]);
    let line = `\ncope-test ${apply(digest, hmac, ["hex"])} ${body}\n`;
    const bytes = Buffer.from(line);
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(1, bytes, at);
      } catch (problem) {
        if (problem.code !== "EAGAIN") throw problem;
      }
    }
  };
}

module.exports = { reporting };
