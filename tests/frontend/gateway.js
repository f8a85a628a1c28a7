// A gateway with the demo that the README's answers are from, and a line to it that can fail as networks and databases do.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from './files.js';

const NOW = '2026-11-20T15:00:00Z';

/** The command that starts a gateway: the binary that DESKGRAPH_BINARY names, else what cargo builds. */
function command() {
  const binary = process.env.DESKGRAPH_BINARY;
  return binary ? [binary] : ['cargo', 'run', '--quiet', '--locked', '--'];
}

/** Starts a gateway on a port of its own and waits until its demo is complete. */
export async function startGateway() {
  const folder = mkdtempSync(join(tmpdir(), 'deskgraph-frontend-'));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DESKGRAPH_')));
  const [program, ...words] = command();
  words.push('serve', '--demo', '--now', NOW, '--listen', '127.0.0.1:0', '--database-url', `sqlite://${folder}/demo.db`);
  // A build that is not optimised may take a while to draw its first picture.
  words.push('--request-timeout', '5m');
  const child = spawn(program, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let greeting = '';
  let log = '';
  child.stdout.on('data', text => (greeting += text));
  const complete = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', code => reject(new Error(`the gateway ended with ${code}:\n${log}`)));
    child.stderr.on('data', text => {
      log += text;
      if (log.includes('the demo is complete')) resolve();
      if (log.includes('the demo could not be loaded')) reject(new Error(log));
    });
  });
  await complete.catch(error => {
    child.kill();
    throw error;
  });
  const url = greeting.match(/listens on (\S+)/)[1];
  const token = greeting.match(/^ {2}(eyJ\S+)$/m)[1];
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
    rmSync(folder, { recursive: true });
  };
  return { url, token, greeting, stop };
}

/** A server that passes everything on to `url`, except what `failures` holds: each is taken for one request instead. */
export async function startLine(url) {
  const line = { failures: [], requests: 0 };
  const server = createServer((incoming, outgoing) => {
    line.requests += 1;
    const fail = line.failures.shift();
    if (fail) return fail(incoming, outgoing);
    const { method, headers, url: path } = incoming;
    const onwards = request(url + path, { method, headers }, answer => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onwards.on('error', error => outgoing.destroy(error));
    incoming.pipe(onwards);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  line.url = `http://127.0.0.1:${server.address().port}`;
  line.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return line;
}
