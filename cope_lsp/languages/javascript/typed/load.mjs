// Lets Node load TypeScript by the project's own compiler: `node --import load.mjs`, `COPE_TYPESCRIPT` its folder.
import { register } from "node:module";

register("./hooks.mjs", import.meta.url, { data: process.env.COPE_TYPESCRIPT });
