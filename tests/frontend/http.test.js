// GraphQL over HTTP and over the WebSocket, as the people see it who wrote the specifications: graphql-http's audits of a server, all of them,
// and graphql-ws' client.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { serverAudits } from 'graphql-http';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { startGateway } from './gateway.js';

let gateway;

before(async () => {
  gateway = await startGateway();
});

after(() => gateway?.stop());

test('every audit of a server passes', async () => {
  const fetchFn = (url, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${gateway.token}`);
    return fetch(url, { ...init, headers });
  };
  const audits = serverAudits({ url: `${gateway.url}/graphql`, fetchFn });
  assert.ok(audits.length >= 61, `${audits.length} audits`);
  const failed = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.reason}`);
  }
  assert.deepEqual(failed, []);
});

test('a client of the WebSocket is told, asks, and is refused', async () => {
  const url = `${gateway.url.replace('http', 'ws')}/graphql`;
  const open = token => createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: { token } });
  const first = async (client, query) => (await client.iterate({ query }).next()).value;
  const client = open(gateway.token);
  const told = await first(client, 'subscription { revision { revision } }');
  assert.ok(told.data.revision.revision > 0);
  assert.deepEqual(await first(client, '{ viewer { role } }'), { data: { viewer: { role: 'ADMIN' } } });
  await assert.rejects(first(client, '{ nothing }'), errors => errors[0].extensions.code === 'BAD_USER_INPUT');
  await client.dispose();
  await assert.rejects(first(open('nonsense'), '{ viewer { role } }'), closed => closed.code === 4403);
});
