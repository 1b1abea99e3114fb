// Module hooks: types are taken away, and what only TypeScript finds (no extension, `paths`) is found as it does.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const TYPED = /\.(?:[cm]?ts|[jt]sx)$/;
const NOT_FOUND = new Set(["ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT", "ERR_PACKAGE_PATH_NOT_EXPORTED"]);
const settings = new Map();
let ts;

export async function initialize(folder) {
  ts = createRequire(import.meta.url)(folder);
}

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    const from = context.parentURL?.startsWith("file:") && fileURLToPath(context.parentURL);
    const found = from && NOT_FOUND.has(error?.code) && ts.resolveModuleName(specifier, from, options(from), ts.sys);
    const file = found && found.resolvedModule?.resolvedFileName;
    if (!file || /\.d\.[cm]?ts$/.test(file)) throw error;
    return next(pathToFileURL(file).href, context);
  }
}

export async function load(url, context, next) {
  if (!url.startsWith("file:") || context.importAttributes?.type) return next(url, context);
  const file = fileURLToPath(url);
  if (file.endsWith(".json")) return module(`export default ${await readFile(file, "utf8")}`);
  if (!TYPED.test(file)) return next(url, context);
  const compilerOptions = { ...options(file), module: ts.ModuleKind.ESNext };
  return module(ts.transpileModule(await readFile(file, "utf8"), { fileName: file, compilerOptions }).outputText);
}

function module(source) {
  return { format: "module", source, shortCircuit: true };
}

// The settings of the nearest tsconfig.json, for one file alone and for a bundler's way of finding modules.
function options(file) {
  const folder = dirname(file);
  if (!settings.has(folder)) settings.set(folder, read(ts.findConfigFile(folder, ts.sys.fileExists), folder));
  return settings.get(folder);
}

function read(config, folder) {
  const said = config ? ts.readConfigFile(config, ts.sys.readFile).config : {};
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options: own } = ts.parseJsonConfigFileContent(said ?? {}, host, config ? dirname(config) : folder);
  const alone = { isolatedModules: true, declaration: false, composite: false, sourceMap: false, inlineSourceMap: false };
  const { module: _, ...rest } = own;
  const found = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  return { ...rest, target: own.target ?? ts.ScriptTarget.ES2022, ...alone, ...found };
}
