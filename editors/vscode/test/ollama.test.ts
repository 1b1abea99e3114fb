import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasModel, pulling, pullModel, type Pulling } from '../src/pure/ollama';

const PULLED = [
  '{"status":"pulling manifest"}',
  '{"status":"pulling","completed":1,"total":4}',
  '{"status":"success"}',
];
const patience = () => AbortSignal.timeout(5000);
let server: Server;
let baseUrl: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/api/tags') {
      response.end(JSON.stringify({ models: [{ name: 'small:1b' }, { name: 'bare:latest' }] }));
      return;
    }
    let body = '';
    request.on('data', (bytes: Buffer) => (body += bytes.toString()));
    request.on('end', () => {
      const { model } = JSON.parse(body) as { model: string };
      response.end(model === 'none' ? '{"error":"file does not exist"}' : PULLED.join('\n'));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

test('a model is there or not', async () => {
  expect(await hasModel(baseUrl, 'small:1b', patience())).toBe(true);
  expect(await hasModel(baseUrl, 'bare', patience())).toBe(true);
  expect(await hasModel(baseUrl, 'small:7b', patience())).toBe(false);
});

test('fetching it tells how far it is', async () => {
  const seen: Pulling[] = [];
  await pullModel({ baseUrl, model: 'small:1b' }, patience(), (each) => seen.push(each));
  expect(seen.map(({ share }) => share)).toEqual([undefined, 0.25, undefined]);
  expect(seen.at(-1)?.words).toBe('success');
});

test('an error that comes under HTTP 200 is an error', async () => {
  const pulled = pullModel({ baseUrl, model: 'none' }, patience(), () => undefined);
  await expect(pulled).rejects.toThrow('does not exist');
  expect(pulling('')).toEqual({ words: '', share: undefined });
});
