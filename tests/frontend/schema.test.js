// schema.graphql as frontend tools see it: linters find nothing but what is listed here, every operation that the project shows is valid,
// and nothing breaks clients of the last release but what breaking.txt lists.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

import * as graphqlEslint from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';
import { buildSchema, findBreakingChanges, parse, validate } from 'graphql';

import { ROOT, read, readList } from './files.js';

const plugin = graphqlEslint.default ?? graphqlEslint;
const SDL = read('schema.graphql');

/** What is found and stays: the word that filters, orders and sources use for it, which metric a metric is, and the number of a revision. */
const EXCEPTIONS = [
  '@graphql-eslint/no-typename-prefix: Field "caseType" starts with the name of the parent type "Case"',
  '@graphql-eslint/no-typename-prefix: Field "metric" starts with the name of the parent type "Metric"',
  '@graphql-eslint/no-typename-prefix: Field "revision" starts with the name of the parent type "Revision"',
];

const RULES = {
  ...plugin.configs['flat/schema-recommended'].rules,
  ...plugin.configs['flat/schema-relay'].rules,
  // Lists of what is always few are no connections; the rule would forbid even `nodes(ids:)`.
  '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
  '@graphql-eslint/strict-id-in-types': [
    'error',
    { exceptions: { types: ['PageInfo', ...readList('tests/lint-exempt.txt')], suffixes: ['Connection', 'Edge'] } },
  ],
};

/** What the linters find in a schema. */
async function lint(sdl) {
  const eslint = new ESLint({
    cwd: ROOT,
    overrideConfigFile: true,
    overrideConfig: {
      files: ['**/*.graphql'],
      languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: sdl } } },
      plugins: { '@graphql-eslint': plugin },
      rules: RULES,
    },
  });
  const [report] = await eslint.lintText(sdl, { filePath: 'schema.graphql' });
  return report.messages.map(({ ruleId, message }) => `${ruleId}: ${message.replace(/\s+/g, ' ')}`);
}

/** What a schema breaks for clients of an older one. */
function broken(older, newer) {
  return findBreakingChanges(buildSchema(older), buildSchema(newer)).map(({ description }) => description);
}

/** The schema with a text that it must hold replaced. */
function edited(from, to) {
  assert.ok(SDL.includes(from), from);
  return SDL.replace(from, to);
}

test('linters find nothing but what is listed', async () => {
  assert.deepEqual(await lint(SDL), EXCEPTIONS);
});

test('linters see what they should', async () => {
  const without = async (from, to) => (await lint(edited(from, to))).filter(message => !EXCEPTIONS.includes(message));
  assert.match((await without('type Holiday {', 'type Feast {')).join('\n'), /strict-id-in-types: type "Feast"/);
  assert.match((await without('edges: [CaseEdge!]!', 'edges: CaseEdge!')).join('\n'), /relay-connection-types/);
});

test('every operation that is shown is valid', () => {
  const schema = buildSchema(SDL);
  const examples = readdirSync(`${ROOT}web/examples`).map(name => `web/examples/${name}`);
  for (const path of ['tests/frontend/operations.graphql', ...examples]) {
    assert.deepEqual(validate(schema, parse(read(path))), [], path);
  }
});

test('nothing breaks clients of the last release but what is listed', () => {
  assert.deepEqual(broken(read('tests/frontend/released.graphql'), SDL), readList('tests/frontend/breaking.txt'));
});

test('a breaking change is noticed and an addition is none', () => {
  const check = (from, to, expected) => assert.deepEqual(broken(SDL, edited(from, to)), expected);
  const reopened = '  """\n  Indicates the case was reopened\n  """\n  wasReopened: Boolean!\n';
  check(reopened, '', ['CaseMetrics.wasReopened was removed.']);
  check('  isFirstContactResolved: Boolean!', '  isFirstContactResolved: Boolean', [
    'CaseMetrics.isFirstContactResolved changed type from Boolean! to Boolean.',
  ]);
  check('enum AgentKind {', 'enum AgentKind {\n  PARROT', []);
  check('type CaseMetrics {', 'type CaseMetrics {\n  wasSung: Boolean', []);
});
