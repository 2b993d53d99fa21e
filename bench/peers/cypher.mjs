// Kuzu and its successor Ladybug, which speak the same language.
//
// A relationship stands in two tables, so that each question finds the one that
// is faster for it: all in one with the type as a property; and those of type
// 0, which filtered_2 asks for, in one of their own.
import fs from 'node:fs';
import path from 'node:path';

import * as protocol from './protocol.mjs';

const LONGEST = 100;  // relationships; 30 unless told

const SCHEMA = [
  'CREATE NODE TABLE Entity(id INT64, key STRING, kind STRING, year INT64, '
      + 'PRIMARY KEY(id))',
  'CREATE REL TABLE Related(FROM Entity TO Entity, type INT64, weight INT64)',
  'CREATE REL TABLE Type0(FROM Entity TO Entity, weight INT64)',
];

const WITHIN = (depth) => `
  MATCH (a:Entity {id: $a})-[:Related* SHORTEST 1..${depth}]->(b:Entity)
  WHERE b.id <> $a RETURN count(*)`;

const BETWEEN = (kind, result) => `
  MATCH p = (a:Entity {id: $a})-[r:Related* ${kind}]->(b:Entity {id: $b})
  RETURN ${result}`;

const QUESTIONS = {
  one_hop: `
    MATCH (:Entity {id: $a})-[r:Related]->(b:Entity)
    RETURN b.key AS key, b.kind AS kind, b.year AS year, r.type AS type,
        r.weight AS weight`,
  within_2: WITHIN(2),
  within_3: WITHIN(3),
  filtered_2: `
    MATCH (:Entity {id: $a})-[:Type0]->(:Entity)-[:Type0]->(b:Entity)
    WHERE b.year >= 2000 AND b.kind = 'KIND_1'
    RETURN count(*), count(DISTINCT b.id)`,
  paths_4: BETWEEN('ACYCLIC 1..4', 'count(*)'),
  trails_4: `
    MATCH (:Entity {id: $a})-[:Related* TRAIL 1..4]->(:Entity)
    RETURN count(*)`,
  reach: WITHIN(LONGEST),
  shortest: BETWEEN(`SHORTEST 1..${LONGEST}`, 'length(p)'),
  all_shortest: BETWEEN(`ALL SHORTEST 1..${LONGEST}`, 'count(*)'),
  cheapest: BETWEEN(`WSHORTEST(weight) 1..${LONGEST}`, 'cost(r)'),
};

const COMPONENTS = `
  CALL weakly_connected_components('G') RETURN count(DISTINCT group_id)`;

// The rows that COPY takes: both ends first.
function writeTables(folder) {
  const tables = { all: [], type0: [] };
  for (const row of protocol.rowsOf(protocol.relationshipsCsv)) {
    const ends = `${row.subject},${row.object}`;
    tables.all.push(`${ends},${row.type},${row.weight}`);
    if (row.type === 0) tables.type0.push(`${ends},${row.weight}`);
  }
  const files = {};
  for (const [name, lines] of Object.entries(tables)) {
    files[name] = path.join(folder, `${name}.csv`);
    fs.writeFileSync(files[name], lines.join('\n') + '\n');
  }
  return files;
}

// A function that puts a statement to the engine and returns the rows.
function prepare(connection, text) {
  const statement = connection.prepareSync(text);
  if (!statement.isSuccess()) throw new Error(statement.getErrorMessage());
  return (parameters) => {
    const result = connection.executeSync(statement, parameters);
    const rows = result.getAllSync();
    result.close();
    return rows;
  };
}

// A question is prepared when it is asked first: one of them may not be known.
function asker(connection, name, text) {
  let run = null;
  return (a, b) => {
    run = run || prepare(connection, text);
    const rows = run(b === undefined ? { a } : { a, b });
    if (name === 'one_hop') return protocol.sumUp(rows.map(numbered));
    return rows.length ? Object.values(rows[0]) : [-1];
  };
}

function numbered(row) {
  return { ...row, year: Number(row.year), type: Number(row.type),
           weight: Number(row.weight) };
}

export function serve(name) {
  const engine = protocol.load(name);
  const folder = protocol.ownFolder(path.basename(name));
  const files = writeTables(folder);
  const database = new engine.Database(path.join(folder, 'graph'));
  const connection = new engine.Connection(database, 1);
  const asks = {};
  for (const [question, text] of Object.entries(QUESTIONS)) {
    asks[question] = asker(connection, question, text);
  }
  let projected = false;
  asks.components = () => {
    if (!projected) {
      connection.querySync('LOAD algo');
      connection.querySync("CALL project_graph('G', ['Entity'], ['Related'])");
      projected = true;
    }
    return Object.values(connection.querySync(COMPONENTS).getAllSync()[0]);
  };
  return protocol.serve({
    version: protocol.versionOf(name),
    asks,
    load() {
      SCHEMA.forEach((text) => connection.querySync(text));
      connection.querySync(
          `COPY Entity FROM '${protocol.entitiesCsv}' (HEADER=true)`);
      connection.querySync(`COPY Related FROM '${files.all}'`);
      connection.querySync(`COPY Type0 FROM '${files.type0}'`);
      connection.querySync(`CALL var_length_extend_max_depth=${LONGEST}`);
      connection.setQueryTimeout(protocol.questionLimitMs);
    },
  });
}
