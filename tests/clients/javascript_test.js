'use strict';
// A client in JavaScript, made from the proto files alone, does what a user
// does: load, ask, correct, ask what was believed before, merge, split, and take
// the graph out of one server and into another.
//
// Needs @grpc/grpc-js and @grpc/proto-loader in build/npm (`./dev test` installs
// them); says "skipped: …" without.

const assert = require('node:assert');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const ROOT = path.resolve(__dirname, '..', '..');
const DAY = '2025-09-30';
const SEEDS = ['seed/cambricon.kg', 'seed/context.kg'];
const START_TIMEOUT_MS = 60000;
const CHUNK_BYTES = 1 << 18;

function loadPackages() {
  const load = createRequire(path.join(ROOT, 'build', 'npm', 'package.json'));
  try {
    return [load('@grpc/grpc-js'), load('@grpc/proto-loader')];
  } catch (error) {
    console.log(`skipped: ${error.message.split('\n')[0]}; try: npm install ` +
                '--prefix build/npm @grpc/grpc-js @grpc/proto-loader');
    process.exit(0);
  }
}

const [grpc, protoLoader] = loadPackages();

function loadContract() {
  const services = ['graph_service', 'fact_service'].map(
      (name) => `guanxi/v1/${name}.proto`);
  const definition = protoLoader.loadSync(services, {
    includeDirs: [path.join(ROOT, 'proto')],
    keepCase: true, longs: Number, enums: String, oneofs: true,
  });
  return grpc.loadPackageDefinition(definition).guanxi.v1;
}

// A guanxid of this build on a free port.
async function startServer(data) {
  const server = spawn(
      process.env.GUANXI_SERVER_PROGRAM,
      ['--data', data, '--listen', '127.0.0.1:0'],
      { stdio: ['ignore', 'pipe', 'ignore'] });
  const timer = setTimeout(() => server.kill('SIGKILL'), START_TIMEOUT_MS);
  for await (const line of readline.createInterface(server.stdout)) {
    clearTimeout(timer);
    assert.match(line, /^listening on /);
    return { server, address: line.split(' ').pop() };
  }
  throw new Error('guanxid did not start');
}

async function endServer(server) {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  assert.strictEqual(await ended, 0, 'the exit code of guanxid');
}

// Makes one call that has one answer.
function ask(stub, method, request) {
  return new Promise((resolve, reject) => {
    stub[method](request, (error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

// Reads a streamed answer to its end.
async function askStream(stub, method, request) {
  const messages = [];
  for await (const message of stub[method](request)) messages.push(message);
  return messages;
}

// `files`: the bytes of each by name.
async function importFiles(facts, files) {
  const stream = facts.Import();
  for (const [file, bytes] of files) {
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
      const data = bytes.subarray(start, start + CHUNK_BYTES);
      stream.write({ chunk: { file, data } });
    }
  }
  stream.end({ end: {} });
  let report = null;
  for await (const message of stream) report = message.report || report;
  return report;
}

function moment(revision) {
  const known = revision === undefined ? {} : { revision };
  return { moment: { valid_at: DAY, ...known } };
}

// The claims of the revenue of the half-year in CNY, by source.
async function revenue(graph, revision) {
  const answer = await ask(graph, 'ListClaims', {
    entity: 'cambricon', name: 'revenue', options: moment(revision),
  });
  const fact = answer.facts.find(
      ({ key }) => key.time === '2025-H1' && key.unit === 'CNY');
  const claims = new Map(fact.claims.map(
      (claim) => [claim.citation.source, claim]));
  return { claims, answer };
}

async function loadAndAsk(graph, facts) {
  const report = await importFiles(facts, new Map(SEEDS.map(
      (file) => [file, fs.readFileSync(path.join(ROOT, file))])));
  assert.strictEqual(report.summary.revision, 1);
  assert.ok(report.summary.claims_added > 100);

  const parts = await askStream(graph, 'FindPaths', {
    from_entity: 'cas', to_entity: 'cambricon', options: moment(),
    evidence: 'EVIDENCE_SHOWN',
  });
  const paths = parts.flatMap((part) => part.paths || []);
  const stake = paths[0].relationships[0];
  const percent = stake.properties.find(({ key }) => key.name === 'percent');
  assert.strictEqual(percent.value.quantity_value.literal, '16%');
  assert.strictEqual(stake.showing.claims[0].citation.source, 'a004');
  assert.strictEqual(parts.at(-1).completeness.outcome, 'OUTCOME_COMPLETE');
}

async function correctAndLookBack(graph, facts) {
  const wrong = (await revenue(graph)).claims.get('a000');
  assert.strictEqual(wrong.id, 'rev-h1-a000');
  assert.strictEqual(wrong.loss_rule, 'LOSS_RULE_TIER');

  const request = {
    kg: 'kg 1\n(cambricon).revenue = 28.81e9 CNY during 2025-H1 from a000:19 ' +
        'rank deprecated supersedes rev-h1-a000 id rev-h1-a000-low\n',
    author: 'javascript_test',
    request_id: 'correct-1',
    preconditions: [{ claim: 'rev-h1-a000', presence: 'PRESENCE_EXISTS' }],
  };
  const written = await ask(facts, 'Commit', request);
  assert.strictEqual(written.summary.revision, 2);
  assert.deepStrictEqual(written.stated[0].claim_ids, ['rev-h1-a000-low']);
  assert.deepStrictEqual(await ask(facts, 'Commit', request), written);

  const now = await revenue(graph);
  assert.strictEqual(now.claims.get('a000').loss_rule, 'LOSS_RULE_DEPRECATED');
  const before = await revenue(graph, 1);
  assert.strictEqual(before.answer.moment.revision, 1);
  assert.strictEqual(before.claims.get('a000').id, 'rev-h1-a000');
  assert.strictEqual(before.claims.get('a000').loss_rule, 'LOSS_RULE_TIER');
  await assert.rejects(revenue(graph, 99),
                       { code: grpc.status.FAILED_PRECONDITION });
}

async function members(graph, key, revision) {
  const answer = await ask(graph, 'Get', {
    entity: key, options: moment(revision),
  });
  return answer.entity.members || [];
}

async function mergeAndSplit(graph, facts) {
  const both = ['cas', 'deepseek'];
  assert.deepStrictEqual(await members(graph, 'deepseek'), []);
  const merged = await ask(facts, 'Commit', { operations: [{ judgement: {
    judgement: 'JUDGEMENT_SAME', first: 'cas', second: 'deepseek',
    tail: { citations: [{ source: 'a000', first_line: 1 }], id: 'one' },
  } }] });
  assert.deepStrictEqual(await members(graph, 'deepseek'), both);

  await ask(facts, 'Commit', { operations: [{ retract: { claim: 'one' } }] });
  assert.deepStrictEqual(await members(graph, 'deepseek'), []);
  assert.deepStrictEqual(
      await members(graph, 'deepseek', merged.summary.revision), both);
}

// The whole graph as the bytes of a file.
async function exportGraph(facts, format) {
  const parts = await askStream(facts, 'Export',
                                { options: moment(), format });
  assert.strictEqual(parts.at(-1).completeness.outcome, 'OUTCOME_COMPLETE');
  return Buffer.concat(parts.map((part) => part.data));
}

// An empty server makes the same graph of the file, in either format.
async function moveToAnotherServer(contract, facts) {
  const formats = new Map([['graph.kg', 'FILE_FORMAT_KG'],
                           ['graph.jsonl', 'FILE_FORMAT_JSON_LINES']]);
  for (const [name, format] of formats) {
    const data = await exportGraph(facts, format);
    assert.ok(data.includes('rev-h1-a000-low'));
    await withServer(contract, async (_, others) => {
      const report = await importFiles(others, new Map([[name, data]]));
      assert.strictEqual(report.summary.revision, 1);
      assert.ok(data.equals(await exportGraph(others, format)));
    });
  }
}

// Runs `story` with clients of both services of a new, empty server.
async function withServer(contract, story) {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'guanxi-test-'));
  const { server, address } = await startServer(data);
  try {
    const credentials = grpc.credentials.createInsecure();
    const graph = new contract.GraphService(address, credentials);
    const facts = new contract.FactService(address, credentials);
    await story(graph, facts);
    graph.close();
    facts.close();
    await endServer(server);
  } finally {
    server.kill('SIGKILL');
    fs.rmSync(data, { recursive: true });
  }
}

async function main() {
  const contract = loadContract();
  await withServer(contract, async (graph, facts) => {
    await loadAndAsk(graph, facts);
    await correctAndLookBack(graph, facts);
    await mergeAndSplit(graph, facts);
    await moveToAnotherServer(contract, facts);
  });
  console.log('a JavaScript client does the whole story');
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
