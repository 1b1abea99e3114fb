// Bundles the extension: a small entry that every start of the editor loads, and the rest, loaded at first use.
import { build } from 'esbuild';

const production = process.argv.includes('--production');

await build({
  entryPoints: ['src/extension.ts', 'src/session.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', './session'],
  supported: { 'dynamic-import': false }, // becomes a lazy `require`
  minify: production,
  sourcemap: !production,
  logLevel: 'warning',
});
