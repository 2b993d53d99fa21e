// What drivers in JavaScript share: how one is started and what it writes
// (bench/peer_run.h).
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, seconds] = process.argv.slice(2);

export const entitiesCsv = path.resolve(folder, 'entities.csv');
export const relationshipsCsv = path.resolve(folder, 'relationships.csv');
export const questionLimitMs = 1000 * Number(seconds);

function tell(line) {
  fs.writeSync(1, JSON.stringify(line) + '\n');
}

// A package that `./dev bench peers` installs. Without it there is nothing to
// ask.
export function load(name) {
  try {
    return createRequire(path.resolve('build/npm/index.js'))(name);
  } catch (error) {
    tell({ missing: error.message.split('\n')[0] });
    process.exit(0);
  }
}

export function versionOf(name) {
  const file = `build/npm/node_modules/${name}/package.json`;
  return `${name} ${JSON.parse(fs.readFileSync(file)).version}`;
}

// Where the engine keeps its own files.
export function ownFolder(name) {
  const own = path.resolve(folder, name);
  fs.mkdirSync(own);
  return own;
}

// Relationships are rows of numbers: {id, subject, object, type, weight}.
export function* rowsOf(csv) {
  const [heading, ...lines] = fs.readFileSync(csv, 'utf8').trim().split('\n');
  const names = heading.split(',');
  for (const line of lines) {
    const cells = line.split(',');
    yield Object.fromEntries(names.map((name, i) => [
      name, /^\d+$/.test(cells[i]) ? Number(cells[i]) : cells[i]]));
  }
}

// The statements of a file, by the name in the comment above each.
export function readStatements(file) {
  const text = fs.readFileSync(path.join(import.meta.dirname, file), 'utf8');
  const parts = text.split(/^-- (\w+)\n/m).slice(1);
  const statements = new Map();
  for (let i = 0; i < parts.length; i += 2) {
    statements.set(parts[i], parts[i + 1].trim());
  }
  return statements;
}

// The answer to one_hop, of rows {key, kind, year, type, weight}.
export function sumUp(rows) {
  let sum = 0;
  for (const row of rows) {
    const object = Number(row.key.slice('e'.length));
    const kind = Number(row.kind.slice('KIND_'.length));
    sum += (object + 1) * (row.type + 1) * row.weight + row.year * (kind + 1);
  }
  return [rows.length, sum];
}

async function answer(ask, input) {
  const wall = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const found = await ask(...input);
  const used = process.cpuUsage(cpu);
  return {
    answer: found.map(Number),
    wall_us: Number(process.hrtime.bigint() - wall) / 1e3,
    cpu_us: used.user + used.system,
  };
}

async function askAll(question, ask, inputs) {
  await ask(...inputs[0]);
  const begin = Date.now();
  for (const input of inputs) {
    if (Date.now() - begin > questionLimitMs) return;
    tell({ question, ...await answer(ask, input) });
  }
}

// `peer` has a version, load(), and in `asks` for each question that it knows
// a function of the entities that answers with numbers.
export async function serve(peer) {
  const begin = Date.now();
  await peer.load();
  tell({ version: peer.version, load_s: (Date.now() - begin) / 1e3,
         known: Object.keys(peer.asks) });
  const lines = fs.readFileSync(path.join(folder, 'questions.jsonl'), 'utf8');
  for (const line of lines.trim().split('\n')) {
    const { question, inputs } = JSON.parse(line);
    if (!(question in peer.asks)) continue;
    try {
      await askAll(question, peer.asks[question], inputs);
    } catch (error) {
      tell({ question, failure: error.message.split('\n')[0] });
    }
  }
  tell({ done: true });
  process.exit(0);
}
