// What the README shows to frontend teams, done as it says against a gateway: queries answer what stands under them; types are generated,
// programs compiled and run, commands run, and each prints what the README prints.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
} from 'graphql';

import { HERE, read, readBlocks } from './files.js';
import { startGateway, startLine } from './gateway.js';

const FOLDER = `${HERE}made/`;
const WRITTEN_URL = 'http://127.0.0.1:8080';
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noEmitOnError: true,
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    types: ['node'],
  },
};

const blocks = readBlocks(read('README.md'));
const answered = language => blocks.filter(block => block.language === language && block.answer !== undefined);
const programs = blocks.filter(block => block.language === 'ts');

let gateway;
let line;

// Building the gateway may be part of it.
const LIMIT_MS = 20 * 60 * 1000;

before(
  async () => {
    gateway = await startGateway();
    line = await startLine(gateway.url);
  },
  { timeout: LIMIT_MS },
);

after(async () => {
  line?.stop();
  await gateway?.stop();
});

/** A text of the README with the address that it is to be run with. */
const addressed = text => text.replaceAll(WRITTEN_URL, line.url);

/** Runs a program in the folder of what is made and gives what it prints. */
async function run(program, ...words) {
  const env = { ...process.env, TOKEN: gateway.token, NO_COLOR: '1' };
  const { stdout } = await promisify(execFile)(program, words, { cwd: FOLDER, env }).catch(error => {
    throw new Error(`${program} ${words.join(' ')}: ${error.message}\n${error.stdout}\n${error.stderr}`);
  });
  return stdout;
}

const runNode = (...words) => run(process.execPath, ...words);

/** Sends a body to the gateway as a client would that takes the newer media type. */
function post(body, headers = {}) {
  const authorization = `Bearer ${gateway.token}`;
  const given = { authorization, 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  return fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { ...given, ...headers }, body });
}

test('queries answer what stands under them', async () => {
  const queries = answered('graphql');
  assert.ok(queries.length >= 5, `${queries.length} queries`);
  for (const { text, answer } of queries) {
    const { data, errors } = await (await post(JSON.stringify({ query: text }))).json();
    assert.equal(errors, undefined, text);
    assert.deepEqual(data, JSON.parse(answer), text);
  }
});

test('the schema that tools ask for is the one that is kept', async () => {
  const asked = { descriptions: true, specifiedByUrl: true, inputValueDeprecation: true, oneOf: true };
  const { data } = await (await post(JSON.stringify({ query: getIntrospectionQuery(asked) }))).json();
  const print = schema => printSchema(lexicographicSortSchema(schema));
  assert.equal(print(buildClientSchema(data)), print(buildSchema(read('schema.graphql'))));
});

test('queries that the gateway greets with are valid', () => {
  const queries = gateway.greeting.split('\n').filter(line => line.startsWith('  { '));
  assert.equal(queries.length, 2, gateway.greeting);
  const schema = buildSchema(read('schema.graphql'));
  for (const query of queries) assert.deepEqual(validate(schema, parse(query)), [], query);
});

test('packages that are to be installed are those of the lock', () => {
  const lines = blocks.flatMap(({ text }) => text.match(/^npm install .*/gm) ?? []);
  const packages = lines.flatMap(line => line.split(' ').slice(2)).filter(word => !word.startsWith('-'));
  assert.ok(packages.length >= 7, lines.join('\n'));
  const { devDependencies } = JSON.parse(read('tests/frontend/package.json'));
  assert.deepEqual(packages.filter(name => !(name in devDependencies)), []);
});

test('types are generated and programs compile', async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  const write = (name, text) => writeFileSync(FOLDER + name, text);
  for (const { name, text } of programs) write(name, addressed(text));
  write('package.json', JSON.stringify({ type: 'module' }));
  write('tsconfig.json', JSON.stringify(TSCONFIG));
  write('schema.graphql', read('schema.graphql'));
  write('operations.graphql', read('tests/frontend/operations.graphql'));
  await run(`${HERE}node_modules/.bin/graphql-codegen`, '--config', 'codegen.ts');
  await runNode(`${HERE}node_modules/typescript/bin/tsc`);
});

test('programs print what stands under them', async () => {
  const shown = answered('ts');
  assert.ok(shown.length >= 3, `${shown.length} programs`);
  for (const { name, answer } of shown) {
    assert.equal(await runNode(name.replace('.ts', '.js')), answer, name);
  }
});

test('commands answer what stands under them', async () => {
  const commands = answered('sh');
  assert.ok(commands.length >= 2, `${commands.length} commands`);
  for (const { text, answer } of commands) {
    assert.deepEqual(JSON.parse(await run('bash', '-c', addressed(text))), JSON.parse(answer), text);
  }
});

test('the client tries again what may pass', async () => {
  const { name, answer } = programs.find(block => block.name === 'case.ts');
  const unavailable = (_, outgoing) => {
    outgoing.writeHead(503, { 'content-type': 'application/graphql-response+json; charset=utf-8' });
    outgoing.end(JSON.stringify({ errors: [{ message: 'away', extensions: { code: 'UNAVAILABLE' } }] }));
  };
  const cut = incoming => incoming.socket.destroy();
  line.failures = [unavailable, cut];
  line.requests = 0;
  assert.equal(await runNode(name.replace('.ts', '.js')), answer);
  assert.equal(line.requests, 3);
});

test('errors have the codes and statuses that the table says', async () => {
  const row = code => tableRows().find(cells => cells[0] === `\`${code}\``);
  const check = async (expected, response) => {
    const { errors, data } = await response.json();
    assert.deepEqual([response.status, errors[0].extensions.code, data], [...expected, undefined]);
    assert.ok(row(expected[1])[1].includes(String(expected[0])), `${expected} is in the table`);
  };
  await check([401, 'UNAUTHENTICATED'], await post('{"query": "{ __typename }"}', { authorization: 'Bearer x' }));
  await check([400, 'BAD_USER_INPUT'], await post('{"query": "{ nonsense }"}'));
  await check([406, 'BAD_USER_INPUT'], await post('{"query": "{ __typename }"}', { accept: 'text/html' }));
  await check([415, 'BAD_USER_INPUT'], await post('{ __typename }', { 'content-type': 'text/plain' }));
  await check([413, 'LIMIT_EXCEEDED'], await post(JSON.stringify({ query: '#'.repeat(2 ** 21) })));
  const aliases = Array.from({ length: 300 }, (_, at) => `a${at}: __typename`).join(' ');
  await check([400, 'LIMIT_EXCEEDED'], await post(JSON.stringify({ query: `{ ${aliases} }` })));
  const older = await post('{"query": "{ nonsense }"}', { accept: 'application/json' });
  assert.equal(older.status, 200);
});

/** The rows of the README's tables, as cells. */
function tableRows() {
  const rows = read('README.md').split('\n').filter(text => text.startsWith('| '));
  return rows.map(text => text.split('|').slice(1, -1).map(cell => cell.trim()));
}
