// What Node offers, without its types.
declare module "node:child_process";
declare module "node:fs";
declare module "node:net";
