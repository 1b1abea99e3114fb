// Makes calls on generated inputs and tells of each: `node .cope-calls.mjs`. Data stands in `.cope-calls.json`.
import { readFileSync, writeSync } from "node:fs";
import { Script } from "node:vm";

const LIMIT_MS = 1000;
const MOST_LOST = 2;
const AGAIN = 4;
const BRIEF_MS = 5;
const PRINTED = 4000;
const DEEPEST = 8;

const order = JSON.parse(readFileSync(new URL("./.cope-calls.json", import.meta.url), "utf8"));
const evaluated = (text) => new Script(text).runInThisContext();
const tell = (seen) => writeSync(1, `\n\x1ecope ${JSON.stringify(seen)}\n`);
const now = () => performance.now();

const loaded = await import(new URL(order.module, import.meta.url));
const whole = loaded.default;
const called = order.name === "" ? whole : (loaded[order.name] ?? whole?.[order.name]);

for (let number = 0, lost = 0; number < order.calls.length && lost < MOST_LOST; number++) {
  if (typeof called !== "function") break;
  tell({ call: number, outcome: "begun" });
  const seen = await settled(number);
  lost += seen.outcome === "timed out";
  tell({ call: number, ...seen });
}
process.exit(0);

async function settled(number) {
  const begun = now();
  const seen = await once(number);
  if (now() - begun > BRIEF_MS) return seen;
  for (let again = 1; again < AGAIN; again++) {
    const next = await once(number);
    if (next.value !== seen.value || next.outcome !== seen.outcome) return { outcome: "unstable" };
  }
  return seen;
}

async function once(number) {
  const given = evaluated(`[${order.calls[number]}]`);
  const printed = captured();
  try {
    globalThis[order.mark] = () => called(...given);
    let result = new Script(`globalThis[${JSON.stringify(order.mark)}]()`).runInThisContext({ timeout: LIMIT_MS });
    if (typeof result?.then === "function") result = await inTime(result);
    const iterated = typeof result?.next === "function" && typeof result[Symbol.iterator] === "function";
    if (iterated) result = [...taken(result)];
    return returned(result, given, printed());
  } catch (error) {
    if (error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { outcome: "timed out" };
    const kind = error instanceof Error ? error.name : typeof error;
    return { outcome: "raised", like: `throws ${kind}`, value: String(error?.message ?? error) };
  } finally {
    printed();
  }
}

function* taken(values) {
  for (let count = 0; count < 100; count++) {
    const { value, done } = values.next();
    if (done) return;
    yield value;
  }
}

function returned(result, given, said) {
  const left = given.filter((each) => typeof each === "object" && each !== null);
  const told = (digits) => {
    if (result !== undefined) return shown(result, digits);
    const changed = left.map((each) => `leaves ${shown(each, digits)}`);
    return ["undefined", ...(said ? [`prints ${JSON.stringify(said)}`] : []), ...changed].join("; ");
  };
  const value = result === undefined || !said ? told(17) : `${told(17)}; prints ${JSON.stringify(said)}`;
  return { outcome: "returned", value, like: told(7) };
}

function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject({ code: "ERR_SCRIPT_EXECUTION_TIMEOUT" }), LIMIT_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function captured() {
  const write = process.stdout.write;
  let said = "";
  process.stdout.write = (text) => {
    if (said.length < PRINTED) said += String(text);
    return true;
  };
  return () => {
    process.stdout.write = write;
    return said;
  };
}

function shown(value, digits, depth = 0, around = new Set()) {
  if (typeof value === "number") return number(value, digits);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (depth > DEEPEST || around.has(value)) return "…";
  const within = new Set(around).add(value);
  const inner = (each) => shown(each, digits, depth + 1, within);
  if (Array.isArray(value)) return `[${Array.from(value, inner).join(", ")}]`;
  if (value instanceof Date) return `Date(${+value})`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof Error) return digits > 7 ? `${value.name}(${JSON.stringify(value.message)})` : value.name;
  if (value instanceof Set) return `Set{${[...value].map(inner).sort().join(", ")}}`;
  if (value instanceof Map) return `Map{${[...value].map((pair) => pair.map(inner).join(": ")).sort().join(", ")}}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}[${Array.from(value, inner).join(", ")}]`;
  const fields = Object.keys(value).sort();
  const name = value.constructor?.name ?? "";
  const told = fields.map((field) => `${field}: ${inner(value[field])}`).join(", ");
  return `${name === "Object" ? "" : name}{${told}}`;
}

function number(value, digits) {
  if (Object.is(value, -0)) return "-0";
  if (!Number.isFinite(value) || digits > 7) return String(value);
  if (Number.isInteger(value)) return String(value);
  return String(Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(digits)));
}
