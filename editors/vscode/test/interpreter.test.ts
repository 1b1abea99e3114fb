import { expect, test } from 'vitest';
import { interpretersOn, isRecent, mayRun, programsOn, type Surroundings } from '../src/pure/interpreter';

function surroundings(
  path: string,
  there: readonly string[],
  more: Partial<Surroundings> = {},
): Surroundings {
  return {
    path,
    windows: false,
    workspaceFolders: ['/home/me/project'],
    resolve: (each) => each,
    exists: (each) => there.includes(each),
    ...more,
  };
}

test('the newest name on PATH comes first', () => {
  const there = ['/usr/bin/python3', '/opt/bin/python3.13'];
  expect(interpretersOn(surroundings('/usr/bin:/opt/bin', there))).toEqual([
    '/opt/bin/python3.13',
    '/usr/bin/python3',
  ]);
});

test('nothing from inside a workspace is run, also through a link or a folder that is relative', () => {
  const there = ['/home/me/project/.venv/bin/uv', 'bin/uv', '/links/uv', '/usr/bin/uv'];
  const resolve = (path: string) => (path === '/links/uv' ? '/home/me/project/uv' : path);
  const found = programsOn(
    surroundings('/home/me/project/.venv/bin:bin:/links:/usr/bin', there, { resolve }),
    'uv',
  );
  expect(found).toEqual(['/usr/bin/uv']);
});

test('a folder that only begins like the workspace is another one', () => {
  expect(mayRun(surroundings('', []), '/home/me/project-tools/python3')).toBe(true);
  expect(mayRun(surroundings('', []), '/home/me/project')).toBe(false);
  expect(mayRun(surroundings('', []), 'python3')).toBe(false);
});

test('on Windows case does not matter, and the shop is no Python', () => {
  const windows = { windows: true, workspaceFolders: ['C:\\Project'] };
  const shop = 'C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps';
  const there = [`${shop}\\python3.exe`, 'D:\\py\\python3.exe', 'c:\\project\\python3.exe'];
  expect(programsOn(surroundings(`${shop};D:\\py\\;c:\\project`, there, windows), 'python3')).toEqual([
    'D:\\py\\python3.exe',
  ]);
});

test.each([
  ['Python 3.10.9', false],
  ['Python 3.11.0', true],
  ['Python 3.14.1+', true],
  ['Python 2.7', false],
  ['no', false],
])('%s may run the server: %s', (printed, recent) => {
  expect(isRecent(printed)).toBe(recent);
});
